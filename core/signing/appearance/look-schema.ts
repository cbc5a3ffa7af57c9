import { z } from 'zod';
import { mmBoxSchema } from '../placement/page-geometry.ts';

const nameSchema = z.string().trim().min(1).max(300);

/** Where a look goes. Without it, each look has its place by the decree. */
export const lookPlaceSchema = z.object({
  /** From 1. */
  page: z.union([z.number().int().positive(), z.literal('last')]).optional(),
  rect: mmBoxSchema.optional(),
  /** The text block beside a stamp. */
  block: mmBoxSchema.optional(),
  /** `checked` when the page was rendered and the place was looked at: see resolvePlacement. */
  ink: z.enum(['checked', 'unchecked']).optional(),
});

export type LookPlace = z.infer<typeof lookPlaceSchema>;

const place = { place: lookPlaceSchema.optional() };

/** How a text look prints its time: `20/11/2026; 15:04:05 +07:00`, or as ISO 8601 writes it (§1.3, OUR). */
const time = { time: z.enum(['decree', 'iso-8601']).optional() };

/** What a stamp ĐẾN says (domain/vietnam.md §1.4). */
export const arrivalStampSchema = z.object({
  agencyName: nameSchema,
  /** Số đến as printed. */
  number: z.string().trim().min(1).max(20).optional(),
  /** Ngày đến, `yyyy-MM-dd`; the day of signing unless given. */
  date: z.iso.date().optional(),
  /** Chuyển. */
  forwardTo: z.string().trim().max(200).optional(),
  /** Số và ký hiệu hồ sơ. */
  fileNotation: z.string().trim().max(100).optional(),
  ink: z.enum(['red', 'black']).optional(),
});
export type ArrivalStamp = z.infer<typeof arrivalStampSchema>;

/** How a signature looks on the page (domain/vietnam.md §1.3, cases (a) to (e); §1.4). */
export const signatureAppearanceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** (e): the agency's text-only block of a digitized arrival. */
  z.object({ kind: z.literal('digitized-arrival'), agencyName: nameSchema, ...time, ...place }),
  /** (d): the text-only block of a digitized copy. */
  z.object({
    kind: z.literal('copy'),
    copyForm: z.enum(['sao-y', 'sao-luc', 'trich-sao']),
    agencyName: nameSchema,
    ...time,
    ...place,
  }),
  /** (c2): the text-only block of an annex in its own file. `number` is số và ký hiệu of the document. */
  z.object({ kind: z.literal('annex'), number: nameSchema, ...time, ...place }),
  /** (a): the leader's handwriting, blue, from a PNG; `place.rect` is ô 7c, in which it is fitted. */
  z.object({ kind: z.literal('leader'), imagePath: z.string().min(1), ...place }),
  /** (b): the agency's seal, red, from a PNG, at its actual size; `place.rect`'s middle is the seal's. */
  z.object({
    kind: z.literal('agency-seal'),
    imagePath: z.string().min(1),
    /** Actual size across; 36 unless given. */
    diameterMm: z.number().min(15).max(60).optional(),
    ...place,
  }),
  /**
   * The stamp ĐẾN drawn on the first page of our own, unsigned scan, signed with the block of case (e) in the same
   * update. `place` is the stamp's.
   */
  z.object({ kind: z.literal('arrival-stamp'), stamp: arrivalStampSchema, ...place }),
]);
export type SignatureAppearance = z.infer<typeof signatureAppearanceSchema>;

/** The looks of one kind. */
export type AppearanceOf<K extends SignatureAppearance['kind']> = Extract<SignatureAppearance, { kind: K }>;
