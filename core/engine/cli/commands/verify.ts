import { fileReportSchema, type FileReport, type FileVerdict } from '../../../contract/verification.ts';
import { loadAnchors, loadCertificates } from '../../../trust/anchors.ts';
import { verifyPdf } from '../../../verification/verify-pdf.ts';
import { type CommandArguments, parseCommand, text, texts, usage } from '../arguments.ts';
import type { Outcome } from '../output.ts';

export const verifyOptions = {
  trust: { type: 'string', multiple: true },
  'trust-tsa': { type: 'string', multiple: true },
  certs: { type: 'string', multiple: true },
  at: { type: 'string' },
  offline: { type: 'boolean' },
} as const;

const words: Readonly<Record<FileVerdict, string>> = {
  valid: 'Hợp lệ',
  indeterminate: 'Không xác định',
  invalid: 'Không hợp lệ',
  unsigned: 'Chưa ký số',
  unreadable: 'Không đọc được',
};

/** `an-thu verify FILE…` (design/cli.md): judges each file by the anchors given. */
export async function verifyCommand(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, verifyOptions);
  if (args.positionals.length === 0) throw usage('cần ít nhất một tệp');
  const trust = texts(args, 'trust');
  const tsaTrust = texts(args, 'trust-tsa');
  const options = {
    anchors: await loadAnchors(trust, 'signature'),
    // One root often serves both; design/cli.md lets --trust stand for timestamps when --trust-tsa is left out.
    tsaAnchors: await loadAnchors(tsaTrust.length > 0 ? tsaTrust : trust, 'timestamp'),
    extraCertificates: await loadCertificates(texts(args, 'certs')),
    now: new Date(),
    ...at(args),
  };
  const files: FileReport[] = [];
  for (const file of args.positionals) files.push(fileReportSchema.parse(await verifyPdf(file, options)));
  return { json: { files }, text: files.flatMap(describe), status: statusOf(files) };
}

function at(args: CommandArguments): { at?: Date } {
  const value = text(args, 'at');
  if (value === undefined) return {};
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) throw usage(`--at ${value} không phải ISO 8601`);
  return { at: instant };
}

function statusOf(files: readonly FileReport[]): number {
  if (files.every((file) => file.verdict === 'valid')) return 0;
  return files.some((file) => file.verdict === 'invalid' || file.verdict === 'unreadable') ? 2 : 1;
}

function describe(file: FileReport): string[] {
  const lines = [`${file.input}: ${words[file.verdict]}`];
  if (file.error) lines.push(`  ${file.error.message} [${file.error.code}]`);
  for (const message of file.messages) lines.push(`  ${message.text} [${message.code}]`);
  for (const signature of file.signatures) {
    lines.push(
      `  ${signature.field}: ${signature.signer?.name ?? '?'} · ${signature.indication}${signature.subIndication ? `/${signature.subIndication}` : ''} · ${signature.level} · ${signature.bestSignatureTime ?? '?'}`,
    );
    for (const message of signature.messages) lines.push(`    ${message.text} [${message.code}]`);
  }
  return lines;
}
