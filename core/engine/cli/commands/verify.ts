import { fileReportSchema, type FileReport } from '../../../contract/verification.ts';
import { describeChange, showTime } from '../../../verification/report-lines.ts';
import { verdictTitle } from '../../../verification/verdict-words.ts';
import type { VerificationOptions } from '../../../verification/verification-options.ts';
import { DocumentWorker, type VerifyFileRequest } from '../../document-worker-client.ts';
import { createNodeSpawner } from '../../hosts/node-spawner.ts';
import { writeNamedFile } from '../../services/named-output.ts';
import { version } from '../../version.ts';
import { type CommandArguments, flag, parseCommand, text, texts, usage } from '../arguments.ts';
import { outputOption } from '../output-option.ts';
import type { Outcome } from '../output.ts';

export const verifyOptions = {
  trust: { type: 'string', multiple: true },
  'trust-tsa': { type: 'string', multiple: true },
  certs: { type: 'string', multiple: true },
  crl: { type: 'string', multiple: true },
  at: { type: 'string' },
  offline: { type: 'boolean' },
  'no-revocation': { type: 'boolean' },
  'require-revocation': { type: 'boolean' },
  'password-env': { type: 'string' },
  'report-pdf': { type: 'string' },
  force: { type: 'boolean' },
} as const;

/** `an-thu verify FILE…` (design/cli.md): judges each file by the anchors given. */
export async function verifyCommand(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, verifyOptions);
  if (args.positionals.length === 0) throw usage('cần ít nhất một tệp');
  const trust = texts(args, 'trust');
  const tsaTrust = texts(args, 'trust-tsa');
  const sheet = await outputOption(args, 'report-pdf');
  const now = new Date();
  const request: Omit<VerifyFileRequest, 'path'> = {
    // One root often serves both; design/cli.md lets --trust stand for timestamps when --trust-tsa is left out.
    trust: {
      anchors: trust,
      tsaAnchors: tsaTrust.length > 0 ? tsaTrust : trust,
      certificates: texts(args, 'certs'),
    },
    lists: texts(args, 'crl'),
    revocation: revocationMode(args),
    now: now.toISOString(),
    ...at(args),
    ...password(args),
  };
  const files: FileReport[] = [];
  // Files from outside are parsed in a process of their own: one that passes a cap is killed, and said to be undecided.
  const worker = new DocumentWorker(createNodeSpawner());
  try {
    for (const path of args.positionals)
      for (const report of await worker.verifyFile({ path, ...request }))
        files.push(fileReportSchema.parse(report));
  } finally {
    worker.close();
  }
  if (sheet) await writeNamedFile(args.dataDir, sheet, await drawSheet(files, now));
  return { json: { files }, text: files.flatMap(describe), status: statusOf(files) };
}

/** docs/decisions/verdict-without-revocation.md. */
function revocationMode(args: CommandArguments): NonNullable<VerificationOptions['revocation']> {
  if (flag(args, 'no-revocation')) {
    if (flag(args, 'require-revocation')) throw usage('--no-revocation và --require-revocation trái nhau');
    return 'skip';
  }
  return flag(args, 'offline') ? 'given' : 'ask';
}

function at(args: CommandArguments): { at?: string } {
  const value = text(args, 'at');
  if (value === undefined) return {};
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) throw usage(`--at ${value} không phải ISO 8601`);
  return { at: instant.toISOString() };
}

function password(args: CommandArguments): { password?: string } {
  const name = text(args, 'password-env');
  if (name === undefined) return {};
  const value = process.env[name];
  if (value === undefined) throw usage(`biến môi trường ${name} không có giá trị`);
  return { password: value };
}

async function drawSheet(files: readonly FileReport[], checkedAt: Date): Promise<Uint8Array> {
  const { buildVerificationSheet } = await import('../../../verification/report-pdf/verification-sheet.ts');
  return await buildVerificationSheet(files, { checkedAt, software: `Ấn Thư ${version}` });
}

function statusOf(files: readonly FileReport[]): number {
  if (files.every((file) => file.verdict === 'valid')) return 0;
  return files.some((file) => file.verdict === 'invalid' || file.verdict === 'unreadable') ? 2 : 1;
}

function describe(file: FileReport): string[] {
  const lines = [`${file.input}: ${verdictTitle(file)}`];
  if (file.error) lines.push(`  ${file.error.message} [${file.error.code}]`);
  for (const message of file.messages) lines.push(`  ${message.text} [${message.code}]`);
  for (const signature of file.signatures) {
    lines.push(
      `  ${signature.field}: ${signature.signer?.name ?? '?'} · ${signature.indication}${signature.subIndication ? `/${signature.subIndication}` : ''} · ${signature.level} · ${showTime(signature.bestSignatureTime)}`,
    );
    for (const message of signature.messages) lines.push(`    ${message.text} [${message.code}]`);
    for (const change of signature.changes) lines.push(`    ${describeChange(change)}`);
  }
  return lines;
}
