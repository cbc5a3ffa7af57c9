import { defineErrors } from './define.ts';

/** Errors of the room `scanner`. */
export const scannerErrors = defineErrors({});
