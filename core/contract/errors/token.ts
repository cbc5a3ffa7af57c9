import { defineErrors } from './define.ts';

/** Errors of the room `token`. */
export const tokenErrors = defineErrors({});
