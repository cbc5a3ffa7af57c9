import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ArrivalReport } from '../../../contract/register-book.ts';
import { reportLines } from '../../../register/report/report-lines.ts';
import { refuseExisting } from '../../../signing/output-file.ts';
import { dataFolderAt } from '../../../store/data-folder.ts';
import { writeNamedOutput } from '../../services/named-output.ts';
import { version } from '../../version.ts';
import { type CommandArguments, flag, parseCommand, text, usage } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

export const reportOptions = {
  year: { type: 'string' },
  quarter: { type: 'string' },
  register: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
} as const;

/** `an-thu report quarter|year --year Y [--quarter N]`: what the register can tell of a period, and what it cannot. */
export async function reportCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  if (verb !== 'quarter' && verb !== 'year') throw usage('report quarter | year');
  const args = parseCommand(rest, reportOptions);
  if (args.positionals.length > 0) throw usage(`thừa «${args.positionals.join(' ')}»`);
  if (verb === 'year' && text(args, 'quarter') !== undefined)
    throw usage('--quarter chỉ dùng với report quarter');
  const year = wholeNumber(args, 'year', /^[0-9]{4}$/);
  const quarter = verb === 'quarter' ? wholeNumber(args, 'quarter', /^[1-4]$/) : undefined;
  const out = text(args, 'out');
  const existing = flag(args, 'force') ? 'replace' : 'refuse';
  if (out !== undefined) await refuseExisting(resolve(out), existing);
  const report = await withEngine(args.dataDir, 'idle', (engine) =>
    engine.call('report.arrivals', { registerId: text(args, 'register'), year, quarter }),
  );
  if (out !== undefined) {
    const bytes = await sheetOf(report);
    await writeNamedOutput(
      { folder: dataFolderAt(args.dataDir) },
      { path: resolve(out), existing },
      async (partPath) => {
        await writeFile(partPath, bytes, { mode: 0o600, flag: 'wx', flush: true });
        return {};
      },
    );
  }
  return {
    json: { ...report, ...(out !== undefined && { output: resolve(out) }) },
    text: [...reportLines(report), ...(out === undefined ? [] : [`Đã ghi báo cáo: ${resolve(out)}`])],
    status: 0,
  };
}

function wholeNumber(args: CommandArguments, name: string, shape: RegExp): number {
  const value = text(args, name);
  if (value === undefined) throw usage(`thiếu --${name}`);
  if (!shape.test(value)) throw usage(`--${name} ${value} không hợp lệ`);
  return Number(value);
}

async function sheetOf(report: ArrivalReport): Promise<Uint8Array> {
  const { buildReportSheet } = await import('../../../register/report/report-sheet.ts');
  return await buildReportSheet(report, `Ấn Thư ${version}`);
}
