import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { type AuditRow, auditRowSchema } from '../contract/audit.ts';
import { AnThuError } from '../shared/errors.ts';
import { LineCutter } from '../shared/lines.ts';
import { READ_AT_ONCE } from '../shared/read-flags.ts';
import { type AuditCheck, ChainWalk } from './chain.ts';

/** First line of an export; each further line is one entry as it is stored. */
export const auditExportHeaderSchema = z.object({
  format: z.literal('an-thu-audit-1'),
  agency: z.object({ organId: z.string(), name: z.string() }),
  exportedAt: z.iso.datetime({ offset: true }),
  entries: z.number().int().nonnegative(),
  head: z.string().nullable(),
});
export type AuditExportHeader = z.infer<typeof auditExportHeaderSchema>;

/** No entry of ours comes near; a line without an end must not fill the memory. */
const LONGEST_LINE = 8 * 1024 * 1024;

/**
 * Writes a log as JSON Lines into a new file, for the caller to name. Every entry is followed on the way, so that what is
 * written is a chain up to the head that was promised. Fails with `store.damaged` and what the system says.
 */
export async function writeAuditExport(
  path: string,
  header: AuditExportHeader,
  entries: AsyncIterable<readonly AuditRow[]>,
): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  const walk = new ChainWalk();
  await file.writeFile(`${JSON.stringify(header)}\n`);
  for await (const rows of entries) {
    for (const row of rows)
      if (!walk.follow(row)) throw new AnThuError('store.damaged', { reason: `audit ${row.sequence}` });
    await file.writeFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  const written = walk.check();
  if (written.entries !== header.entries || written.head !== header.head)
    throw new AnThuError('store.damaged', { reason: `audit ${written.entries + 1}` });
  await file.sync();
}

/**
 * Follows the chain of an export alone. What its first line promises must be there to the end: a cut-off end is a break.
 * Fails with `audit.not-an-export` for what is no such file, `general.no-such-input`.
 *
 * @param noted a head written down elsewhere, which the chain must go through
 */
export async function checkAuditExport(
  path: string,
  noted?: string,
): Promise<{ header: AuditExportHeader; check: AuditCheck }> {
  await using file = await openRegular(path);
  const walk = new ChainWalk(noted);
  let header: AuditExportHeader | undefined;
  let line = 0;
  for await (const text of linesOf(file, path)) {
    line++;
    const schema: z.ZodType<AuditExportHeader | AuditRow> = header ? auditRowSchema : auditExportHeaderSchema;
    const parsed = schema.safeParse(parseJson(text));
    if (!parsed.success) throw new AnThuError('audit.not-an-export', { path, line });
    if ('format' in parsed.data) header = parsed.data;
    else if (!walk.follow(parsed.data)) break;
  }
  if (!header) throw new AnThuError('audit.not-an-export', { path, line: 1 });
  const check = walk.check();
  const promised = check.entries === header.entries && check.head === header.head;
  if (check.brokenAt !== null || promised) return { header, check };
  return { header, check: { ...check, ok: false, brokenAt: Math.min(check.entries, header.entries) + 1 } };
}

async function openRegular(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, READ_AT_ONCE);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    throw new AnThuError('general.no-such-input', { path }, { cause: error });
  }
  throw new AnThuError('general.no-such-input', { path });
}

async function* linesOf(file: FileHandle, path: string): AsyncGenerator<string> {
  const cutter = new LineCutter();
  let line = 1;
  for await (const chunk of file.createReadStream({ encoding: 'utf8', autoClose: false })) {
    const lines = cutter.take(String(chunk));
    yield* lines;
    line += lines.length;
    if (cutter.rest.length > LONGEST_LINE) throw new AnThuError('audit.not-an-export', { path, line });
  }
  if (cutter.rest !== '') yield cutter.rest;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
