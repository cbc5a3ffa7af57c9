import { foldVietnamese } from '../shared/fold.ts';
import type { Database } from '../store/database.ts';

interface Searchable {
  readonly issuer: string;
  readonly docNumber: string;
  readonly docNotation: string;
  readonly typeName: string;
  readonly subject: string;
  readonly receiver: string;
  readonly note: string;
  readonly signerName: string;
  readonly number: number;
  readonly suffix: string;
}

/** Puts an entry's folded text into the search index, replacing what stood there. */
export function indexArrival(database: Database, seq: number, entry: Searchable): void {
  const text = [
    `${entry.number}${entry.suffix}`,
    entry.docNumber,
    `${entry.docNumber}/${entry.docNotation}`,
    entry.docNotation,
    entry.issuer,
    entry.typeName,
    entry.subject,
    entry.receiver,
    entry.signerName,
    entry.note,
  ].join(' \n ');
  database.run('DELETE FROM arrival_search WHERE rowid = @seq', { seq });
  database.run('INSERT INTO arrival_search (rowid, text) VALUES (@seq, @text)', {
    seq,
    text: foldVietnamese(text),
  });
}

/**
 * The FTS5 expression for a query as typed: every word must begin a word of the entry, in any order; marks do
 * not matter. Null when nothing is left to search for.
 */
export function matchExpression(query: string): string | null {
  const words = foldVietnamese(query)
    // FTS5 would take a NUL for the end of the expression.
    .replaceAll('\0', ' ')
    .split(/\s+/)
    .map((word) => word.replace(/["\p{Cc}\p{Cs}]/gu, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const telling = withoutImplied(words);
  if (telling.length === 0) return null;
  return telling.map((word) => `"${word}"*`).join(' ');
}

/** Leaves out words that another one implies: whatever begins with «công» begins with «c» as well. */
function withoutImplied(words: readonly string[]): string[] {
  const distinct = [...new Set(words)];
  return distinct.filter((word) => !distinct.some((other) => other !== word && other.startsWith(word)));
}
