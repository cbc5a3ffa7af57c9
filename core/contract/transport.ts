import { z } from 'zod';
import { errorValueSchema } from './errors/value.ts';

/** What a window or command line sends to the engine. */
export const callMessageSchema = z.object({
  kind: z.literal('call'),
  id: z.number().int().nonnegative(),
  procedure: z.string().max(100),
  input: z.unknown(),
});
export type CallMessage = z.infer<typeof callMessageSchema>;

/** What the engine sends back. */
export const engineMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id: z.number(), value: z.unknown() }),
  z.object({ kind: z.literal('error'), id: z.number(), error: errorValueSchema }),
  z.object({ kind: z.literal('event'), name: z.string(), value: z.unknown() }),
]);
export type EngineMessage = z.infer<typeof engineMessageSchema>;
