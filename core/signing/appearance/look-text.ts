import { vietnamIso } from '../../shared/clock.ts';
import { blockTime } from '../signing-time.ts';
import type { AppearanceOf } from './look-schema.ts';

/** Looks that are nothing but text at the top right of the first page (domain/vietnam.md §1.3 (c2), (d), (e)). */
export type TextLook = AppearanceOf<'digitized-arrival' | 'copy' | 'annex'>;

const copyForms = { 'sao-y': 'SAO Y', 'sao-luc': 'SAO LỤC', 'trich-sao': 'TRÍCH SAO' } as const;

/** The paragraphs of a text look: who, and when. */
export function lookParagraphs(look: TextLook, signingTime: Date): string[] {
  const time = look.time === 'iso-8601' ? vietnamIso(signingTime) : blockTime(signingTime);
  return [`${subject(look)};`, time];
}

function subject(look: TextLook): string {
  switch (look.kind) {
    case 'copy':
      return `${copyForms[look.copyForm]}; ${look.agencyName}`;
    case 'annex':
      return `Số: ${look.number.replace(/^số\s*:?\s*/iu, '')}`;
    default:
      return look.agencyName;
  }
}
