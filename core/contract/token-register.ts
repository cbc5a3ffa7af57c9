import { z } from 'zod';
import { certificateChoiceSchema, signingPurposeSchema } from './certificate-choice.ts';
import { idSchema, instantSchema, isoDateSchema, sha256Schema } from './common.ts';
import { defineProcedure } from './procedure.ts';

const shortText = z.string().trim().max(200);
const name = shortText.min(1);
const note = z.string().trim().max(1000);

/** Biên bản bàn giao: one line of the minutes; never changed afterwards. */
export const handoverSchema = z.object({
  id: idSchema,
  /** Number in the office's minutes, counted through. */
  number: z.number().int(),
  entryId: idSchema,
  date: isoDateSchema,
  givenBy: z.string(),
  receivedBy: z.string(),
  note: z.string(),
  recordedAt: instantSchema,
  recordedBy: z.string(),
});
export type Handover = z.infer<typeof handoverSchema>;

/** A line of the office's register of tokens and certificates. Identity: maker, serial, CKA_ID, certificate; never the slot. */
export const tokenEntrySchema = z.object({
  id: idSchema,
  kind: z.enum(['pkcs11', 'soft']),
  manufacturer: z.string(),
  serial: z.string(),
  /** CKA_ID in lower-case hex. */
  keyId: z.string(),
  fingerprint: sha256Schema,
  tokenLabel: z.string(),
  subject: z.string(),
  organization: z.string(),
  issuer: z.string(),
  /** Serial number of the certificate, lower-case hex. */
  certificateSerial: z.string(),
  notBefore: instantSchema,
  notAfter: instantSchema,
  /** Whole days until the certificate ends, as of now; negative when it has ended. */
  daysLeft: z.number().int(),
  /** What the office calls it. */
  name: z.string(),
  /** Who keeps it now. */
  holder: z.string(),
  purpose: signingPurposeSchema,
  note: z.string(),
  registeredAt: instantSchema,
  retiredAt: instantSchema.nullable(),
  retiredReason: z.string().nullable(),
  handovers: z.array(handoverSchema),
});
export type TokenEntry = z.infer<typeof tokenEntrySchema>;

export const tokenRegisterProcedures = {
  /** Keys that can be chosen for a purpose, the fittest first; what may not be used carries its obstacle. */
  'token.choices': defineProcedure({
    input: z.object({ purpose: signingPurposeSchema }),
    output: z.object({ choices: z.array(certificateChoiceSchema) }),
  }),
  /** Soonest end first. `expiringWithinDays` leaves out what ends later (what has ended stays in). */
  'token-register.list': defineProcedure({
    input: z.object({
      expiringWithinDays: z.number().int().min(0).max(3660).optional(),
      retired: z.enum(['leave-out', 'include']).default('leave-out'),
    }),
    output: z.object({ entries: z.array(tokenEntrySchema) }),
  }),
  'token-register.get': defineProcedure({ input: z.object({ id: idSchema }), output: tokenEntrySchema }),
  /** Enters the certificate of a key that is plugged in now. */
  'token-register.add': defineProcedure({
    input: z.object({
      keyUri: z.string(),
      name,
      holder: shortText.default(''),
      purpose: signingPurposeSchema,
      note: note.default(''),
    }),
    output: tokenEntrySchema,
  }),
  /** Changes what the office says of it. The holder changes by a handover. */
  'token-register.change': defineProcedure({
    input: z.object({
      id: idSchema,
      name: name.optional(),
      purpose: signingPurposeSchema.optional(),
      note: note.optional(),
      reason: shortText.min(1),
    }),
    output: tokenEntrySchema,
  }),
  /** Writes a line of the handover minutes; the receiver is the holder from then on. */
  'token-register.hand-over': defineProcedure({
    input: z.object({
      id: idSchema,
      givenBy: name,
      receivedBy: name,
      date: isoDateSchema,
      note: note.default(''),
    }),
    output: tokenEntrySchema,
  }),
  /** Returned, revoked, lost: stays in the register with its reason. */
  'token-register.retire': defineProcedure({
    input: z.object({ id: idSchema, reason: shortText.min(1) }),
    output: tokenEntrySchema,
  }),
};
