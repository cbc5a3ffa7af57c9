import { defineErrors } from './define.ts';

/** Errors of the room `archive`. */
export const archiveErrors = defineErrors({});
