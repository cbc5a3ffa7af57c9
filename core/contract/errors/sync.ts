import { defineErrors } from './define.ts';

/** Errors of the room `sync`. */
export const syncErrors = defineErrors({});
