import { defineErrors } from './define.ts';

/** Errors of the room `register`. */
export const registerErrors = defineErrors({});
