import { z } from 'zod';

const keySchema = z.object({ privateKeyPem: z.string(), certificate: z.base64() });

/** First line to the card program. */
export const cardContentSchema = z.object({
  port: z.number().int(),
  pin: z.string(),
  tries: z.number().int(),
  authentication: keySchema.optional(),
  signature: keySchema.optional(),
});

/** Every further line. */
export const cardRequestSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('insert') }),
  z.object({ do: z.literal('remove') }),
  z.object({ do: z.literal('unblock') }),
  z.object({ do: z.literal('look') }),
  z.object({ do: z.literal('behave'), delayMs: z.number(), pullAt: z.number().int().nullable() }),
]);
export type CardRequest = z.infer<typeof cardRequestSchema>;

/** Answer to each of them. */
export const cardStateSchema = z.object({
  inserted: z.boolean(),
  pinsSent: z.number().int(),
  pinsWrong: z.number().int(),
  triesLeft: z.number().int(),
  signatures: z.number().int(),
});
export type CardState = z.infer<typeof cardStateSchema>;
