import { defineErrors } from './define.ts';

/** Errors of the room `pdf`. */
export const pdfErrors = defineErrors({});
