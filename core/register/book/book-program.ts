import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { asWriteError } from '../../shared/durable-fs.ts';
import { LineCutter } from '../../shared/lines.ts';
import { type BookEntry, bookEntrySchema } from './book-entry.ts';
import { bookFactsSchema, bookSummarySchema } from './book-facts.ts';

export const bookRequestSchema = z.object({
  /** Entries, one JSON text a line. */
  entriesPath: z.string(),
  /** Not there yet. */
  outputPath: z.string(),
  facts: bookFactsSchema,
  summary: bookSummarySchema,
});
export type BookRequest = z.infer<typeof bookRequestSchema>;

/** Prints a book into a file of its own, for the process beside the engine, whose event loop is not to wait for it. */
export async function printBookFile(request: BookRequest): Promise<{ pages: number }> {
  // What draws pages is loaded when it is wanted: the process serves other callers first.
  const { printArrivalBook } = await import('./arrival-book.ts');
  const { bytes, pages } = await printArrivalBook(
    entriesOf(request.entriesPath),
    request.facts,
    request.summary,
  );
  try {
    await writeFile(request.outputPath, bytes, { mode: 0o600, flag: 'wx', flush: true });
  } catch (thrown) {
    throw asWriteError(thrown, request.outputPath);
  }
  return { pages };
}

async function* entriesOf(path: string): AsyncGenerator<BookEntry> {
  const entryOf = (line: string): BookEntry => bookEntrySchema.parse(JSON.parse(line));
  const lines = new LineCutter();
  for await (const piece of createReadStream(path, 'utf8')) yield* lines.take(String(piece)).map(entryOf);
  // A last line without its end is half an entry, which must not be missing in silence.
  if (lines.rest !== '') yield entryOf(lines.rest);
}
