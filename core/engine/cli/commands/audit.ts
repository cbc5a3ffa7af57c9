import { resolve } from 'node:path';
import { checkAuditExport, writeAuditExport } from '../../../audit/export.ts';
import type { AuditRow } from '../../../contract/audit.ts';
import { systemClock, vietnamIso } from '../../../shared/clock.ts';
import type { EngineClient } from '../../hosts/socket-client.ts';
import { writeNamedOutput } from '../../services/named-output.ts';
import { type CommandArguments, parseCommand, text, usage } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import { outputOption } from '../output-option.ts';
import type { Outcome } from '../output.ts';

export const auditOptions = {
  file: { type: 'string' },
  head: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
} as const;

/** `an-thu audit verify [--file EXPORT] | export --out FILE`: the hash chain, also from an export alone. */
export async function auditCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, auditOptions);
  if (args.positionals.length > 0) throw usage('audit verify [--file FILE] | export --out FILE');
  if (verb === 'export') return await exportLog(args);
  if (verb === 'verify') return await verifyLog(args);
  throw usage('audit verify [--file FILE] | export --out FILE');
}

async function verifyLog(args: CommandArguments): Promise<Outcome> {
  const noted = text(args, 'head')?.toLowerCase();
  const file = text(args, 'file');
  const { header, check } =
    file === undefined
      ? await withEngine(args.dataDir, 'idle', async (engine) => ({
          header: undefined,
          check: await engine.call('audit.verify', { noted }),
        }))
      : await checkAuditExport(resolve(file), noted);
  const { ok, entries, head, brokenAt, knownHead } = check;
  return {
    json: { ...check, ...(header && { export: header }) },
    text: [
      ...(header
        ? [`Nhật ký của ${header.agency.name} (${header.agency.organId}), xuất lúc ${header.exportedAt}.`]
        : []),
      brokenAt !== null
        ? `Nhật ký bị thay đổi tại mục ${brokenAt}.`
        : `Nhật ký nguyên vẹn: ${entries} mục, mã cuối ${head ?? '–'}.`,
      ...(knownHead
        ? []
        : [`Mã đã ghi lại ${noted ?? ''} không có trong chuỗi: nhật ký không còn như lúc ghi.`]),
    ],
    status: ok ? 0 : 2,
  };
}

async function exportLog(args: CommandArguments): Promise<Outcome> {
  const output = await outputOption(args, 'out');
  if (!output) throw usage('thiếu --out');
  return await withEngine(args.dataDir, 'idle', async (engine) => {
    const { agencies } = await engine.call('engine.status', {});
    const { entries } = await engine.call('audit.list', { limit: 1 });
    const [last] = entries;
    const header = {
      format: 'an-thu-audit-1' as const,
      agency: { organId: agencies[0]?.organId ?? '', name: agencies[0]?.name ?? '' },
      exportedAt: vietnamIso(systemClock.now()),
      entries: last?.sequence ?? 0,
      head: last?.hash ?? null,
    };
    await writeNamedOutput(args.dataDir, output, async (partPath) => {
      await writeAuditExport(partPath, header, rowsUpTo(engine, header.entries));
      return {};
    });
    return {
      json: { ok: true, file: output.path, ...header },
      text: [`Đã xuất ${header.entries} mục nhật ký ra ${output.path}, mã cuối ${header.head ?? '–'}.`],
      status: 0,
    };
  });
}

const ROWS_AT_ONCE = 200;

/** What was written after the export began is left to the next one. */
async function* rowsUpTo(engine: EngineClient, end: number): AsyncGenerator<readonly AuditRow[]> {
  for (let after = 0; after < end;) {
    const { rows } = await engine.call('audit.rows', { afterSequence: after, limit: ROWS_AT_ONCE });
    const last = rows.at(-1);
    if (!last) return;
    yield rows.filter(({ sequence }) => sequence <= end);
    after = last.sequence;
  }
}
