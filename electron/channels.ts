import { z } from 'zod';
import { errorValueSchema } from '../core/contract/errors/value.ts';
import { bookRangeSchema } from '../core/contract/register-book.ts';
import type { MachineSettings } from '../core/shared/machine-settings.ts';

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
  /** The administrator chooses a file of an authority's certificates; answered with what it holds, or null. */
  z.object({ action: z.literal('choose-anchor-file') }),
  /** The shell asks where to; answered with what was written (core/contract/register-book.ts), or null. */
  z.object({
    action: z.literal('save-book'),
    kind: z.enum(['print', 'export']),
    range: bookRangeSchema,
    volume: z.string().max(20),
  }),
  /** Answered with {@link ShellPreferences}. */
  z.object({ action: z.literal('preferences') }),
  z.object({ action: z.literal('start-with-system'), value: z.boolean() }),
  /** The shell asks for a bundle; answered with its version, or null. */
  z.object({ action: z.literal('install-update') }),
]);
export type ShellRequest = z.infer<typeof shellRequestSchema>;
export type BookRequest = Extract<ShellRequest, { action: 'save-book' }>;

/** The shell's own choices, as the settings screen shows them (parsed there: renderer/settings/computer-part.tsx). */
export interface ShellPreferences {
  /** null where the system has no such list. */
  readonly startWithSystem: boolean | null;
  /** The administrator decided. */
  readonly startIsFixed: boolean;
  readonly updates: MachineSettings['policy']['updates'];
}
