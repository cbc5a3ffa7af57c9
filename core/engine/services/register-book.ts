import { basename } from 'node:path';
import { open, rm } from 'node:fs/promises';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import type { BookRange } from '../../contract/register-book.ts';
import type { BookEntry } from '../../register/book/book-entry.ts';
import { type BookSummary, summedUp } from '../../register/book/book-facts.ts';
import { csvEntry, csvHead } from '../../register/book/book-csv.ts';
import { jsonEnd, jsonEntry, jsonHead } from '../../register/book/book-json.ts';
import { type MissingNumbers, missingNumbers, withMissing } from '../../register/book/missing-numbers.ts';
import { readBook } from '../../register/book/read-book.ts';
import { shownDate, vietnamDate, vietnamIso } from '../../shared/clock.ts';
import { AnThuError } from '../../shared/errors.ts';
import { agencyOf, type EngineContext, requireRegister } from '../context.ts';
import { version } from '../version.ts';
import { writeNamedOutput } from './named-output.ts';

type Range = BookRange & { readonly registerId: string };

const software = `Ấn Thư ${version}`;

/** Sổ đăng ký văn bản đến of a year, or a part of it, as a PDF (domain/vietnam.md §1.5); the log keeps what was printed. */
export async function printRegister(
  context: EngineContext,
  input: ParsedInput<'register.print'>,
): Promise<ProcedureOutput<'register.print'>> {
  const { clock, database, objects, worker } = context;
  const register = requireRegister(database, input.registerId);
  const agency = agencyOf(database, register);
  const now = clock.now();
  const year = input.year ?? Number(vietnamDate(now).slice(0, 4));
  const range = rangeOf(input, register.id, year);
  const entriesPath = objects.scratchPath('.jsonl');
  try {
    const { summary, pages, sha256, bytes } = await writeNamedOutput(
      context.folder.root,
      input,
      async (outputPath) => {
        const found = await writeEntries(context, range, register.name, entriesPath, (entry) => `${JSON.stringify(entry)}\n`); // prettier-ignore
        const missing = withinDays(missingNumbers(database, range), range, found);
        const summary = withMissing(found, missing);
        const facts = {
          parentName: agency.parentName,
          agencyName: agency.name,
          registerName: register.name,
          demo: agency.demo,
          year,
          volume: input.volume,
          missing,
          printedAt: now.toISOString(),
          printedBy: context.actor,
          software,
        };
        return { summary, ...(await worker.printBook({ entriesPath, outputPath, facts, summary })) };
      },
    );
    const { entries, voided, first, last } = summary;
    const written = { sha256, bytes, entries, voided, first, last, pages };
    log(context, 'register.printed', range, { ...written, file: basename(input.path), volume: input.volume });
    return { path: input.path, ...written };
  } finally {
    await rm(entriesPath, { force: true });
  }
}

/** Every field of the entries for other programs; the log keeps what was exported. */
export async function exportRegister(
  context: EngineContext,
  input: ParsedInput<'register.export'>,
): Promise<ProcedureOutput<'register.export'>> {
  const { clock, database } = context;
  const register = requireRegister(database, input.registerId);
  const range = rangeOf(input, register.id, input.year);
  const { parentName, name, organId } = agencyOf(database, register);
  const csv = input.format === 'csv';
  const head = csv
    ? csvHead(input.separator)
    : jsonHead({
        agency: { name, parentName, organId },
        register: { id: register.id, name: register.name },
        range,
        missingNumbers: missingNumbers(database, range),
        exportedAt: vietnamIso(clock.now()),
        software,
      });
  const { summary, sha256, bytes } = await writeNamedOutput(context.folder.root, input, async (partPath) => ({
    summary: await writeEntries(
      context,
      range,
      register.name,
      partPath,
      (entry, place) => (csv ? csvEntry(entry, input.separator) : jsonEntry(entry, place)),
      { head, end: csv ? '' : jsonEnd },
    ),
  }));
  const { entries, voided, first, last } = summary;
  const written = { sha256, bytes, entries, voided, first, last };
  log(context, 'register.exported', range, { ...written, file: basename(input.path), format: input.format });
  return { path: input.path, ...written };
}

function rangeOf({ from, to, fromNumber, toNumber }: BookRange, registerId: string, year?: number): Range {
  return { registerId, year, from, to, fromNumber, toNumber };
}

/** Writes one text an entry into a new file, slice by slice, and tells what it held; `register.nothing-to-print` without entries. */
async function writeEntries(
  context: EngineContext,
  range: Range,
  registerName: string,
  path: string,
  textOf: (entry: BookEntry, place: 'first' | 'later') => string,
  { head, end } = { head: '', end: '' },
): Promise<BookSummary> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(head);
  let summary: BookSummary | undefined;
  for await (const slice of readBook(context, range)) {
    const texts: string[] = [];
    for (const entry of slice) {
      texts.push(textOf(entry, summary === undefined ? 'first' : 'later'));
      summary = summedUp(summary, entry);
    }
    await file.writeFile(texts.join(''));
  }
  if (summary === undefined)
    throw new AnThuError('register.nothing-to-print', { register: registerName, range: rangeWords(range) });
  await file.writeFile(end);
  await file.sync();
  return summary;
}

/** A lost entry has no day: in a book of some days it stands only between the numbers that are printed. */
function withinDays(
  missing: MissingNumbers[],
  { from, to }: Range,
  { first, last }: BookSummary,
): MissingNumbers[] {
  if (from === undefined && to === undefined) return missing;
  const [lowest, highest] = [Number.parseInt(first, 10), Number.parseInt(last, 10)];
  return missing.filter((numbers) => numbers.from > lowest && numbers.to < highest);
}

function rangeWords({ year, from, to, fromNumber, toNumber }: Range): string {
  const parts = [
    year !== undefined && `năm ${year}`,
    from !== undefined && `từ ngày ${shownDate(from)}`,
    to !== undefined && `đến ngày ${shownDate(to)}`,
    fromNumber !== undefined && `từ số ${fromNumber}`,
    toNumber !== undefined && `đến số ${toNumber}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : 'mọi năm';
}

/** Who printed or exported which entries, and the hash by which the very file is known again. */
function log(
  { actor, audit }: EngineContext,
  action: 'register.printed' | 'register.exported',
  range: Range,
  facts: Readonly<Record<string, unknown>>,
): void {
  audit.append({ actor, action, subject: 'register', data: { ...range, ...facts } });
}
