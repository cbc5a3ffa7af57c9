import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FileReport } from '../../core/contract/verification.ts';
import { DocumentWorker, type TrustPaths } from '../../core/engine/document-worker-client.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { asAnThuError } from '../../core/shared/errors.ts';
import { buildCms } from '../../core/signing/cades.ts';
import { requestTimestamp } from '../../core/signing/timestamp-client.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { makeTestPki } from '../lib/test-keys.ts';
import { startTestTsa } from '../lib/test-tsa.ts';
import { startsWithFile } from './starts-with.ts';
import type { CorpusCounts } from './main.ts';

/** No file of the corpus may keep the worker longer than this with one question. */
const DEADLINE_MS = 120_000;
/** Processor time of the worker over all questions about one file; the machine may be busy with other things. */
const MOST_SECONDS = 10;
const WORKERS = 2;

/**
 * What must not get worse: how many files were read, how many signed B-B and B-T, on how many of each pdfsig agrees.
 * The rest are broken, encrypted or locked on purpose and are refused with a code.
 */
const sharedSet = { read: 534, signed: 523, pdfsigAgrees: 523, signedBT: 523, pdfsigAgreesBT: 523 };

/** What {@link checkPdfs} asks of a set of files besides that each is right. */
export type Floors = Partial<Readonly<Record<keyof typeof sharedSet, number>>>;
export const sharedFloors: Floors = sharedSet;

/**
 * Reasons for which a file that qpdf opens clean may be refused: encrypted without its password (the one that opens it, or the
 * owner's where only that allows changes), XFA, P=1.
 */
const stated = new Set([
  'pdf.encrypted',
  'pdf.encryption-unsupported',
  'signing.not-permitted',
  'signing.xfa',
  'signing.no-changes-allowed',
]);
/** The rest may be this part of the files that qpdf opens clean. */
const MOST_REFUSED = 0.01;

/** Codes that mean that something of ours broke, not that a file was refused. */
const ourFault = new Set(['general.defect', 'general.program-died', 'general.program-timeout']);

interface Tools {
  readonly worker: DocumentWorker;
  readonly key: SigningKey;
  readonly trust: TrustPaths;
  readonly oracles: PdfOracles;
  readonly tsaUrl: string;
  readonly scratch: string;
}

interface Found {
  readonly name: string;
  readonly complaints: string[];
  read: boolean;
  signed: boolean;
  verdict: string;
  refusal: string | undefined;
  /** What `qpdf --check` says of the original. */
  clean: boolean;
  pdfsig: PdfsigWord | undefined;
  level: string | undefined;
  pdfsigBT: PdfsigWord | undefined;
  /** Processor seconds of the worker over this file, and the most memory that it has held up to now, in MB. */
  seconds: number;
  peakMb: number;
}

type PdfsigWord = 'agrees' | 'silent' | 'disagrees';

/** Inspects, verifies and signs every PDF in the killable worker; each must give a result or a refusal with a code. */
export async function checkPdfs(folder: string, scratch: string, floors: Floors): Promise<CorpusCounts> {
  const pkiFolder = mkdtempSync(join(scratch, 'pki-'));
  const pki = makeTestPki(pkiFolder);
  const tsa = await startTestTsa(pki);
  const shared = {
    tsaUrl: tsa.url,
    key: pki.key('P-256'),
    trust: { anchors: [pki.rootPem], tsaAnchors: [pki.rootPem], certificates: [pki.issuingPem] },
    oracles: makeOracles(pki, { pdfsigOcsp: 'off' }),
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
        found.push(await checkOne(folder, name, { ...shared, worker }));
      }
    } finally {
      worker.close();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work)).finally(() => tsa.close());
  return report(found, total, floors);
}

async function checkOne(folder: string, name: string, tools: Tools): Promise<Found> {
  const before = usageOf(tools.worker.pid);
  const found = await judgeOne(folder, name, tools);
  const after = usageOf(tools.worker.pid);
  // A worker that died in between counts from nothing.
  found.seconds = after.seconds - (after.seconds < before.seconds ? 0 : before.seconds);
  found.peakMb = after.peakMb;
  if (found.seconds > MOST_SECONDS)
    found.complaints.push(`took ${found.seconds.toFixed(1)} s of the processor`);
  return found;
}

/** Processor seconds and peak memory of a process so far, as /proc tells. */
function usageOf(pid: number | undefined): { seconds: number; peakMb: number } {
  if (pid === undefined) return { seconds: 0, peakMb: 0 };
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    const peak = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return {
      seconds: (Number(fields[11]) + Number(fields[12])) / 100,
      peakMb: Math.round(Number(peak?.[1] ?? 0) / 1024),
    };
  } catch {
    return { seconds: 0, peakMb: 0 };
  }
}

async function judgeOne(folder: string, name: string, tools: Tools): Promise<Found> {
  const path = join(folder, name);
  const found: Found = {
    name,
    complaints: [],
    read: false,
    signed: false,
    verdict: '',
    refusal: undefined,
    clean: tools.oracles.qpdfProblems(path) === '',
    pdfsig: undefined,
    level: undefined,
    pdfsigBT: undefined,
    seconds: 0,
    peakMb: 0,
  };
  const { worker, trust } = tools;
  found.read = (await refusalOf(found, 'inspect', () => worker.inspect(path))) !== undefined;
  const before = await refusalOf(found, 'verify', () => worker.verify(path, trust, new Date()));
  found.verdict = before?.verdict ?? 'none';
  const output = join(tools.scratch, `signed-${process.pid}-${Math.random().toString(36).slice(2)}.pdf`);
  try {
    const signed = await refusalOf(found, 'sign', () => sign(path, output, tools));
    if (signed === undefined) return found;
    found.signed = true;
    const earlier = tools.oracles.pdfsig(path).validity;
    const judging = { path, output, before, fieldName: signed.fieldName, tools };
    await judgeSigned(found, judging);
    found.pdfsig = askPdfsig(found, judging, earlier);
    const stamped = await refusalOf(found, 'sign B-T', () => sign(path, output, tools, 'B-T'));
    found.level = stamped?.level;
    await judgeSigned(found, judging);
    found.pdfsigBT = askPdfsig(found, judging, earlier);
    if (found.clean && tools.oracles.qpdfProblems(output) !== '')
      found.complaints.push('qpdf opens the original clean, the signed file not');
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

async function sign(
  inputPath: string,
  partPath: string,
  { worker, key, tsaUrl }: Tools,
  level: 'B-B' | 'B-T' = 'B-B',
): Promise<{ readonly level: string; readonly fieldName: string }> {
  const prepared = await worker.prepareSignature({
    inputPath,
    partPath,
    signingTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    reserveBytes: 12_288,
  });
  const timestamp = (digest: Uint8Array) =>
    requestTimestamp({ url: tsaUrl, digest, deadlineMs: DEADLINE_MS });
  const built = await buildCms(prepared, key, level === 'B-T' ? { timestamp } : {});
  await worker.embedSignature(prepared, built.cms);
  return { level: built.level, fieldName: prepared.fieldName };
}

interface Judging {
  readonly path: string;
  readonly output: string;
  readonly before: FileReport | undefined;
  /** Of the new signature. */
  readonly fieldName: string;
  readonly tools: Tools;
}

async function judgeSigned(found: Found, { path, output, before, fieldName, tools }: Judging): Promise<void> {
  if (!startsWithFile(output, path))
    found.complaints.push('the signed file does not begin with the original');
  const after = await refusalOf(found, 'verify signed', () =>
    tools.worker.verify(output, tools.trust, new Date()),
  );
  if (!after) {
    found.complaints.push('our verifier refuses our own signature');
    return;
  }
  // Malformed signatures stand last in a report, so that each is found by its field.
  const last = after.signatures.find(({ field }) => field === fieldName);
  // Nobody is asked here, so all that may be open is the revocation of the sample certificate.
  const sound = last?.indication === 'TOTAL_PASSED' || last?.subIndication === 'TRY_LATER';
  if (!sound || last.coverage !== 'whole-file') {
    found.complaints.push(`our signature is ${last?.indication} ${last?.subIndication} ${last?.coverage}`);
  }
  for (const earlier of before?.signatures ?? []) {
    const now = after.signatures.find(({ field }) => field === earlier.field);
    if (now?.indication !== earlier.indication || now.integrity !== earlier.integrity) {
      found.complaints.push(
        `signature ${earlier.field} was ${earlier.indication} ${earlier.subIndication}, now ${now?.indication} ${now?.subIndication}`,
      );
    }
  }
}

/** The new signature must be valid, and the earlier ones as they were. */
function askPdfsig(found: Found, { output, tools }: Judging, earlier: readonly string[]): PdfsigWord {
  const { validity } = tools.oracles.pdfsig(output);
  const [news, ...olds] = validity.toReversed();
  if (news === undefined) return 'silent';
  // pdfsig orders by field: what matters is that nothing of before got worse.
  const sorted = (words: readonly string[]): string => words.toSorted().join('|');
  if (sorted(validity) !== sorted([...earlier, 'Signature is Valid.'])) {
    found.complaints.push(`pdfsig said ${earlier.join(', ')}; now ${olds.toReversed().join(', ')}, ${news}`);
    return 'disagrees';
  }
  return 'agrees';
}

function report(found: readonly Found[], total: number, floors: Floors): CorpusCounts {
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
    signedBT: count((file) => file.level === 'B-T'),
    pdfsigAgreesBT: count((file) => file.pdfsigBT === 'agrees'),
  };
  const clean = found.filter((file) => file.clean);
  const refused = clean.filter(({ refusal }) => refusal !== undefined && !stated.has(refusal));
  const share = refused.length / Math.max(1, clean.length);
  process.stdout.write(`PDF files: ${total}\n  read ${numbers.read}, signed ${numbers.signed}\n`);
  process.stdout.write(`  verdicts before signing: ${tally(found.map(({ verdict }) => verdict))}\n`);
  const refusals = (clean: boolean) =>
    tally(found.filter((file) => file.clean === clean).map((file) => file.refusal));
  process.stdout.write(`  signing refused, of ${clean.length} that qpdf opens clean: ${refusals(true)}\n`);
  process.stdout.write(`  signing refused, of the rest: ${refusals(false)}\n`);
  process.stdout.write(
    `  refused for none of the three stated reasons: ${refused.length} = ${(share * 100).toFixed(2)} % (${refused.map(({ name, refusal }) => `${name}: ${refusal}`).join('; ')})\n`,
  );
  process.stdout.write(`  pdfsig on B-B: ${tally(found.map(({ pdfsig }) => pdfsig))}\n`);
  process.stdout.write(`  pdfsig on B-T: ${tally(found.map(({ pdfsigBT }) => pdfsigBT))}\n`);
  const broken = found.filter((file) => file.complaints.length > 0);
  for (const { name, complaints } of broken) process.stdout.write(`  ✗ ${name}: ${complaints.join('; ')}\n`);
  const slowest = found.toSorted((a, b) => b.seconds - a.seconds).slice(0, 3);
  process.stdout.write(
    `  slowest: ${slowest.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(', ')}; most memory of a worker over all: ${Math.max(0, ...found.map(({ peakMb }) => peakMb))} MB\n`,
  );
  const short = Object.entries(floors).filter(([key, least]) => numbers[key as keyof typeof numbers] < least);
  for (const [key, least] of short) process.stdout.write(`  ✗ ${key}: fewer than ${least}\n`);
  if (share > MOST_REFUSED) process.stdout.write(`  ✗ more refusals than ${MOST_REFUSED * 100} %\n`);
  const tooMany = share > MOST_REFUSED ? 1 : 0;
  return { passed: total - broken.length, failed: broken.length + short.length + tooMany };
}
