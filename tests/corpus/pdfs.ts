import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FileReport } from '../../core/contract/verification.ts';
import { DocumentWorker, type TrustPaths } from '../../core/engine/document-worker-client.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { asAnThuError } from '../../core/shared/errors.ts';
import { CadesSigner } from '../../core/signing/cades-signer.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { makeTestPki } from '../lib/test-keys.ts';
import { startsWithFile } from './starts-with.ts';
import type { CorpusCounts } from './main.ts';

/** No file of the corpus may keep the worker longer than this with one question. */
const DEADLINE_MS = 30_000;
const WORKERS = 2;
/** Every how many signed files pdfsig is asked too. */
const SAMPLE_EVERY = 8;

/**
 * What must not get worse: how many files were read, how many signed, on how many of the sampled ones pdfsig agrees.
 * The rest are broken, encrypted or locked on purpose and are refused with a code.
 */
const atLeast = { read: 534, signed: 532, pdfsigAgrees: 64 };

/** Codes that mean that something of ours broke, not that a file was refused. */
const ourFault = new Set(['general.defect', 'general.program-died', 'general.program-timeout']);

interface Tools {
  readonly worker: DocumentWorker;
  readonly key: SigningKey;
  readonly trust: TrustPaths;
  readonly oracles: PdfOracles;
  readonly scratch: string;
}

interface Found {
  readonly name: string;
  readonly complaints: string[];
  read: boolean;
  signed: boolean;
  verdict: string;
  refusal: string | undefined;
  pdfsig: 'agrees' | 'silent' | 'disagrees' | undefined;
}

/** Inspects, verifies and signs every PDF in the killable worker; each must give a result or a refusal with a code. */
export async function checkPdfs(folder: string, scratch: string): Promise<CorpusCounts> {
  const pkiFolder = join(scratch, 'pki');
  mkdirSync(pkiFolder);
  const pki = makeTestPki(pkiFolder);
  const shared = {
    key: pki.key('P-256'),
    trust: { anchors: [pki.rootPem], tsaAnchors: [], certificates: [pki.issuingPem] },
    oracles: makeOracles(pki),
    scratch,
  };
  const waiting = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.pdf$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
  const total = waiting.length;
  const found: Found[] = [];
  const work = async () => {
    const worker = new DocumentWorker(createNodeSpawner(), { deadlineMs: DEADLINE_MS });
    try {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        found.push(await checkOne(folder, name, { ...shared, worker }, found.length));
      }
    } finally {
      worker.close();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return report(found, total);
}

async function checkOne(folder: string, name: string, tools: Tools, index: number): Promise<Found> {
  const path = join(folder, name);
  const found: Found = {
    name,
    complaints: [],
    read: false,
    signed: false,
    verdict: '',
    refusal: undefined,
    pdfsig: undefined,
  };
  const { worker, trust } = tools;
  found.read = (await refusalOf(found, 'inspect', () => worker.inspect(path))) !== undefined;
  const before = await refusalOf(found, 'verify', () => worker.verify(path, trust, new Date()));
  found.verdict = before?.verdict ?? 'none';
  const output = join(
    tools.scratch,
    `signed-${index}-${process.pid}-${Math.random().toString(36).slice(2)}.pdf`,
  );
  try {
    const signed = await refusalOf(found, 'sign', () => sign(path, output, tools));
    if (signed === undefined) return found;
    found.signed = true;
    await judgeSigned(found, { path, output, before, tools, askPdfsig: index % SAMPLE_EVERY === 0 });
  } finally {
    rmSync(output, { force: true });
  }
  return found;
}

/** Runs one question; a refusal with a code of ours is an answer, a defect, a crash or a hang is a complaint. */
async function refusalOf<T>(found: Found, question: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    const error = asAnThuError(thrown);
    if (ourFault.has(error.code)) found.complaints.push(`${question}: ${error.message}`);
    else if (question === 'sign') found.refusal = error.code;
    return undefined;
  }
}

async function sign(inputPath: string, partPath: string, { worker, key }: Tools) {
  const prepared = await worker.prepareSignature({
    inputPath,
    partPath,
    signingTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    reserveBytes: 8192,
  });
  const { cms } = await new CadesSigner(key, { digestAlgorithm: 'sha256' }).signDigest(
    Buffer.from(prepared.digestHex, 'hex'),
  );
  return worker.embedSignature(prepared, cms);
}

interface Judging {
  readonly path: string;
  readonly output: string;
  readonly before: FileReport | undefined;
  readonly tools: Tools;
  readonly askPdfsig: boolean;
}

async function judgeSigned(found: Found, { path, output, before, tools, askPdfsig }: Judging): Promise<void> {
  if (!startsWithFile(output, path))
    found.complaints.push('the signed file does not begin with the original');
  const after = await refusalOf(found, 'verify signed', () =>
    tools.worker.verify(output, tools.trust, new Date()),
  );
  if (!after) {
    found.complaints.push('our verifier refuses our own signature');
    return;
  }
  const last = after.signatures.at(-1);
  // Nobody is asked here, so all that may be open is the revocation of the sample certificate.
  const sound = last?.indication === 'TOTAL_PASSED' || last?.subIndication === 'TRY_LATER';
  if (!sound || last.coverage !== 'whole-file') {
    found.complaints.push(`our signature is ${last?.indication} ${last?.subIndication} ${last?.coverage}`);
  }
  for (const [index, earlier] of (before?.signatures ?? []).entries()) {
    const now = after.signatures[index];
    if (now?.indication !== earlier.indication || now.integrity !== earlier.integrity) {
      found.complaints.push(
        `signature ${earlier.field} was ${earlier.indication} ${earlier.subIndication}, now ${now?.indication} ${now?.subIndication}`,
      );
    }
  }
  if (askPdfsig) {
    const validity = tools.oracles.pdfsig(output).validity;
    if (validity.length === 0) found.pdfsig = 'silent';
    else found.pdfsig = validity.at(-1) === 'Signature is Valid.' ? 'agrees' : 'disagrees';
  }
}

function report(found: readonly Found[], total: number): CorpusCounts {
  const count = (test: (file: Found) => boolean) => found.filter(test).length;
  const tally = (values: (string | undefined)[]) => {
    const counts = new Map<string, number>();
    for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts]
      .toSorted((a, b) => b[1] - a[1])
      .map(([value, n]) => `${value} ${n}`)
      .join(', ');
  };
  const numbers = {
    read: count((file) => file.read),
    signed: count((file) => file.signed),
    pdfsigAgrees: count((file) => file.pdfsig === 'agrees'),
  };
  process.stdout.write(`PDF files: ${total}\n  read ${numbers.read}, signed ${numbers.signed}\n`);
  process.stdout.write(`  verdicts before signing: ${tally(found.map(({ verdict }) => verdict))}\n`);
  process.stdout.write(`  signing refused: ${tally(found.map(({ refusal }) => refusal))}\n`);
  process.stdout.write(`  pdfsig on every ${SAMPLE_EVERY}th: ${tally(found.map(({ pdfsig }) => pdfsig))}\n`);
  const broken = found.filter((file) => file.complaints.length > 0);
  for (const { name, complaints } of broken) process.stdout.write(`  ✗ ${name}: ${complaints.join('; ')}\n`);
  const short = Object.entries(atLeast).filter(
    ([key, least]) => numbers[key as keyof typeof numbers] < least,
  );
  for (const [key, least] of short) process.stdout.write(`  ✗ ${key}: fewer than ${least}\n`);
  return { passed: total - broken.length, failed: broken.length + short.length };
}
