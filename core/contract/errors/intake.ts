import { defineErrors } from './define.ts';

/** Errors of the room `intake`. */
export const intakeErrors = defineErrors({});
