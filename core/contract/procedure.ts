import type { z } from 'zod';

/** One procedure between window (or command line) and engine: both sides parse input and output. */
export interface Procedure<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
}

export function defineProcedure<I extends z.ZodType, O extends z.ZodType>(definition: {
  input: I;
  output: O;
}): Procedure<I, O> {
  return definition;
}
