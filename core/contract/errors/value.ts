import { z } from 'zod';

/** An error as it travels: between processes, to the page, in JSON on the command line. */
export const errorValueSchema = z.object({
  code: z.string(),
  message: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]).optional()),
});
export type ErrorValue = z.infer<typeof errorValueSchema>;
