import type { ArrivalReport } from '../../../contract/register-book.ts';
import { reportLines } from '../../../register/report/report-lines.ts';
import { writeNamedFile } from '../../services/named-output.ts';
import { version } from '../../version.ts';
import { parseCommand, text, usage, wholeNumber, yearOption } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import { outputOption } from '../output-option.ts';
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
  const year = yearOption(args);
  if (year === undefined) throw usage('thiếu --year');
  const quarter = wholeNumber(args, 'quarter', /^[1-4]$/, 'cần một quý, 1 đến 4');
  if (verb === 'quarter' && quarter === undefined) throw usage('thiếu --quarter');
  const output = await outputOption(args, 'out');
  const report = await withEngine(args.dataDir, 'idle', (engine) =>
    engine.call('report.arrivals', { registerId: text(args, 'register'), year, quarter }),
  );
  if (output) await writeNamedFile(args.dataDir, output, await sheetOf(report));
  return {
    json: { ...report, ...(output && { output: output.path }) },
    text: [...reportLines(report), ...(output ? [`Đã ghi báo cáo: ${output.path}`] : [])],
    status: 0,
  };
}

async function sheetOf(report: ArrivalReport): Promise<Uint8Array> {
  const { buildReportSheet } = await import('../../../register/report/report-sheet.ts');
  return await buildReportSheet(report, `Ấn Thư ${version}`);
}
