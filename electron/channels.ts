import { z } from 'zod';
import { errorValueSchema } from '../core/contract/errors/value.ts';

/** Every message between the preload script and the main process; both sides parse what they receive. */
export const channels = {
  /** Page → engine, answered with {@link callReplySchema}. */
  call: 'an-thu:call',
  /** Page → shell, answered with {@link callReplySchema}. */
  shell: 'an-thu:shell',
  /** Engine → page. */
  event: 'an-thu:event',
} as const;

export const callRequestSchema = z.object({ procedure: z.string().max(100), input: z.unknown() });

export const callReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), value: z.unknown() }),
  z.object({ kind: z.literal('error'), error: errorValueSchema }),
]);
export type CallReply = z.infer<typeof callReplySchema>;

export const eventMessageSchema = z.object({ name: z.string().max(100), value: z.unknown() });
export type EventMessage = z.infer<typeof eventMessageSchema>;

/** What only a desktop shell can do. Paths come from the person's choice in a dialog, null when cancelled. */
export const shellRequestSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('choose-folder') }),
  z.object({ action: z.literal('choose-files') }),
  /** The administrator adds a PKCS#11 library: the shell asks for the file, the page never names it. */
  z.object({ action: z.literal('add-token-module') }),
  /** Takes one out of the list, after asking. */
  z.object({ action: z.literal('remove-token-module'), path: z.string().max(1000) }),
]);
export type ShellRequest = z.infer<typeof shellRequestSchema>;
