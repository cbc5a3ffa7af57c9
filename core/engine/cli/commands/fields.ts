import { resolve } from 'node:path';
import type { FileReport } from '../../../contract/verification.ts';
import type { ByteSource } from '../../../pdf/byte-source.ts';
import { fillNumberFields } from '../../../signing/number-fields/fill-number-fields.ts';
import {
  numberFieldsSchema,
  prepareNumberFields,
  type NumberField,
} from '../../../signing/number-fields/prepare-number-fields.ts';
import type { UpdatedFile, UpdateFileOptions } from '../../../signing/part-file.ts';
import { selfCheckFailed } from '../../../verification/report-words.ts';
import { verifyPdf } from '../../../verification/verify-pdf.ts';
import { refuseInsideData } from '../../services/apart-from-data.ts';
import { type CommandArguments, flag, parseCommand, text, texts, usage } from '../arguments.ts';
import { passwordOf } from '../level-options.ts';
import { rectOf } from '../looks.ts';
import type { Outcome } from '../output.ts';

export const fieldsOptions = {
  out: { type: 'string' },
  field: { type: 'string', multiple: true },
  value: { type: 'string', multiple: true },
  page: { type: 'string' },
  force: { type: 'boolean' },
  'password-env': { type: 'string' },
} as const;

/**
 * `an-thu fields prepare|fill FILE`: empty fields for số and ngày before the leader signs, filled by the clerk before the agency
 * seals (domain/vietnam.md §1.3). Earlier signatures must be intact and the filling permitted, or nothing is written.
 */
export async function fieldsCommand(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, fieldsOptions);
  const [action, input, ...more] = args.positionals;
  if (action !== 'prepare' && action !== 'fill') throw usage('cần prepare hoặc fill');
  if (input === undefined || more.length > 0) throw usage('cần đúng một tệp');
  const out = text(args, 'out');
  if (out === undefined) throw usage('thiếu --out');
  await refuseInsideData(args.dataDir, out);
  const password = passwordOf(args);
  const options: UpdateFileOptions = {
    inputPath: resolve(input),
    outputPath: resolve(out),
    existing: flag(args, 'force') ? 'replace' : 'refuse',
    password,
    verify: (path, readBack) => assertPermitted(path, password, readBack),
  };
  const written =
    action === 'prepare'
      ? await prepareNumberFields({ ...options, fields: fieldsOf(args) })
      : await fillNumberFields({ ...options, values: valuesOf(args) });
  return { json: entryOf(input, written), text: [`${input} → ${written.outputPath}`], status: 0 };
}

function entryOf(input: string, { outputPath, sha256, bytes, inputSha256 }: UpdatedFile): object {
  return { input, inputSha256, output: outputPath, sha256, ok: true, bytes };
}

function fieldsOf(args: CommandArguments): NumberField[] {
  const page = text(args, 'page') ?? '1';
  if (!/^[1-9]\d{0,5}$/.test(page)) throw usage('--page phải là số trang');
  const named = pairs(args, 'field');
  const fields = numberFieldsSchema.safeParse(
    named.map(([name, rect]) => ({ name, page: Number(page), rect: rectOf(rect, '--field') })),
  );
  if (fields.success) return fields.data;
  throw usage(
    'cần 1 đến 20 lần --field TÊN=x,y,w,h (mm, tính từ góc trên bên trái của trang); tên không quá 100 ký tự, không có dấu chấm',
  );
}

function valuesOf(args: CommandArguments): Record<string, string> {
  const values = pairs(args, 'value');
  if (values.length === 0) throw usage('cần --value TÊN=NỘI DUNG');
  if (new Set(values.map(([name]) => name.normalize('NFC'))).size < values.length)
    throw usage('mỗi ô chỉ được ghi một --value');
  return Object.fromEntries(values);
}

function pairs(args: CommandArguments, option: string): [string, string][] {
  return texts(args, option).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw usage(`--${option} phải có dạng TÊN=…`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/**
 * Whoever signed before stays the signer of all that the file shows, but for permitted values. Throws
 * `archive.update-check-failed`.
 */
async function assertPermitted(
  path: string,
  password: string | undefined,
  readBack: ByteSource | undefined,
): Promise<FileReport> {
  const trust = { anchors: [], tsaAnchors: [], extraCertificates: [] };
  const opened = password === undefined ? {} : { password };
  const report = await verifyPdf(path, { ...trust, now: new Date(), ...opened }, readBack);
  const broken = report.signatures.some(
    ({ integrity, later }) => integrity !== true || later === 'forbidden',
  );
  if (broken) throw selfCheckFailed(report, 'update');
  return report;
}
