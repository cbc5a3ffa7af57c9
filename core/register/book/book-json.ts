import type { BookRange } from '../../contract/register-book.ts';
import type { BookEntry } from './book-entry.ts';
import type { MissingNumbers } from './missing-numbers.ts';

export interface JsonBookFacts {
  readonly agency: { readonly name: string; readonly parentName: string; readonly organId: string };
  readonly register: { readonly id: string; readonly name: string };
  readonly range: BookRange;
  /** Given, but their entries are lost. */
  readonly missingNumbers: readonly MissingNumbers[];
  readonly exportedAt: string;
  readonly software: string;
}

/** Everything before the first entry of `{"format": "an-thu-register-1", …, "entries": [`. */
export function jsonHead(facts: JsonBookFacts): string {
  const head = JSON.stringify({ format: 'an-thu-register-1', ...facts }, null, 1);
  return `${head.slice(0, head.lastIndexOf('\n'))},\n "entries": [`;
}

/** An entry with all its fields and what was changed in it; one a line. */
export function jsonEntry({ arrival, changes }: BookEntry, place: 'first' | 'later'): string {
  return `${place === 'first' ? '' : ','}\n  ${JSON.stringify({ ...arrival, changes })}`;
}

export const jsonEnd = '\n ]\n}\n';
