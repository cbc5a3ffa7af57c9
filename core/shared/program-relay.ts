import { z } from 'zod';

/**
 * How the engine inside Electron starts helper programs: it cannot fork there (the RunAsNode fuse is off), so it
 * asks the main process over its own port, and main relays without looking inside the messages.
 */
const handleSchema = z.number().int().positive();

export const programNameSchema = z.enum(['token-host', 'document-worker', 'ocr-worker']);

/** From the engine to the main process. */
export const programRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('spawn'),
    handle: handleSchema,
    program: programNameSchema,
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    /** Heap cap in MiB. */
    memoryMb: z.number().int().positive().optional(),
  }),
  z.object({ kind: z.literal('post'), handle: handleSchema, message: z.unknown() }),
  z.object({ kind: z.literal('kill'), handle: handleSchema }),
]);
export type ProgramRequest = z.infer<typeof programRequestSchema>;

/** From the main process to the engine. */
export const programReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('spawned'), handle: handleSchema, pid: z.number().int() }),
  z.object({ kind: z.literal('message'), handle: handleSchema, message: z.unknown() }),
  z.object({ kind: z.literal('exit'), handle: handleSchema, reason: z.string() }),
]);
export type ProgramReply = z.infer<typeof programReplySchema>;
