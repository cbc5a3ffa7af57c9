import { defineErrors } from './define.ts';

/** Errors of the room `store`. */
export const storeErrors = defineErrors({});
