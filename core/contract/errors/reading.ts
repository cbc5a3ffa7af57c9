import { defineErrors } from './define.ts';

/** Errors of the room `reading`. */
export const readingErrors = defineErrors({});
