import { defineErrors } from './define.ts';

/** Errors of the room `verification`. */
export const verificationErrors = defineErrors({});
