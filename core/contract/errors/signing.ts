import { defineErrors } from './define.ts';

/** Errors of the room `signing`. */
export const signingErrors = defineErrors({});
