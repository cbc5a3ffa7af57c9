import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import type { FileReport, SignatureReport } from '../contract/verification.ts';
import { openFileSource, type ByteSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import { defaultPdfLimits } from '../pdf/limits.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { readSignedFields } from '../pdf/signed-fields.ts';
import { AnThuError, toErrorValue } from '../shared/errors.ts';
import { FileDigests, hasSignatureTrace } from './file-digests.ts';
import { judgeCoverage, type SignedRanges } from './judge-coverage.ts';
import { judgeDocumentTimestamp } from './judge-document-timestamp.ts';
import { blankReport, judgeSignature } from './judge-signature.ts';
import { failed, undecided } from './judgement.ts';
import type { CoveringTimestamp } from './signature-level.ts';
import { withJudgement } from './signature-report.ts';
import type { SeenTimestamp } from './signature-time.ts';
import { clerkAdvice, fileVerdict, message } from './report-words.ts';
import { mayBeRepairedAstray } from './repair-roads.ts';
import { readSignedRanges } from './signed-ranges.ts';
import { findUnsoundObject } from './sound-structure.ts';
import type { VerificationOptions } from './verification-options.ts';
import { VerificationRun } from './verification-run.ts';

export type { VerificationOptions } from './verification-options.ts';

/** Reading costs nothing here that counting pages would save. */
const limits = { ...defaultPdfLimits, pages: 50_000 };

/** Units of work (core/pdf/work.ts) for a byte of a signature: a certificate has some hundred, and its key may be tried. */
const CONTENT_WORK = 20;

/**
 * Verifies every signature of a PDF file and judges the file (design/cli.md, `verify`; the pipeline of
 * findings/signing-peers.md §3.5). Fails closed: what cannot be proved harmless is not valid. Throws only
 * `general.no-such-input`; every other trouble is in the report. `readBack` is what was just read from the file, which
 * is then not read again.
 */
export async function verifyPdf(
  path: string,
  options: VerificationOptions,
  readBack?: ByteSource,
): Promise<FileReport> {
  if (readBack) return await verifySource(path, readBack, options);
  const source = openFileSource(path);
  try {
    return await verifySource(path, source, options);
  } finally {
    source.close();
  }
}

async function verifySource(
  input: string,
  source: ByteSource,
  options: VerificationOptions,
): Promise<FileReport> {
  try {
    const pdf = new PdfDocument(source, limits, options.password ?? '');
    const fields = readSignedFields(pdf);
    const ranges = readSignedRanges(pdf, fields);
    const digests = await FileDigests.read(source, ranges.values());
    if (fields.length === 0) return await unsignedReport(input, source, digests);
    const isAmbiguous = findUnsoundObject(pdf) !== undefined || mayBeRepairedAstray(pdf);
    const judged = await verifySignatures({ pdf, fields, ranges, digests }, options);
    const signatures = isAmbiguous ? judged.map(withoutCertainty) : judged;
    const verdict = fileVerdict(signatures);
    const missing = missingSignature(signatures, options);
    return {
      input,
      sha256: digests.sha256,
      verdict,
      advice: adviceOn(verdict, signatures, missing),
      signatures,
      messages: missing ? [message(missing)] : [],
    };
  } catch (error) {
    if (!(error instanceof AnThuError)) throw error;
    const verdict = isLimit(error) ? 'indeterminate' : 'unreadable';
    return {
      input,
      sha256: (await FileDigests.read(source, [])).sha256,
      verdict,
      advice: clerkAdvice(verdict, []),
      signatures: [],
      messages: [message(isLimit(error) ? 'verify.limit-reached' : 'verify.unreadable')],
      error: toErrorValue(error),
    };
  }
}

/** What was signed is there, but readers may show it differently: that is no pass. */
function withoutCertainty(report: SignatureReport): SignatureReport {
  if (report.indication !== 'TOTAL_PASSED') return report;
  const judgement = undecided('SIG_CONSTRAINTS_FAILURE', 'verify.structure-ambiguous');
  const kept = report.messages.flatMap(({ code }) => (code.startsWith('verify.valid') ? [] : [code]));
  return withJudgement(report, judgement, ...kept);
}

/** A missing signature is asked about where nothing graver stands in the way (domain/vietnam.md §3.4). */
function adviceOn(
  verdict: FileReport['verdict'],
  signatures: readonly SignatureReport[],
  missing: VerificationMessageCode | undefined,
): FileReport['advice'] {
  const advice = clerkAdvice(verdict, signatures);
  return missing && (advice === 'register' || advice === 'provisional' || advice === 'decide')
    ? 'ask'
    : advice;
}

function isLimit(error: AnThuError): boolean {
  return error.code === 'pdf.limit' || error.code === 'pdf.too-many-pages';
}

/** No signature can be reached; traces of one mean that somebody took it out of reach. */
async function unsignedReport(
  input: string,
  source: ByteSource,
  { sha256 }: FileDigests,
): Promise<FileReport> {
  const signatureTrace = await hasSignatureTrace(source);
  const verdict = signatureTrace ? 'indeterminate' : 'unsigned';
  return {
    input,
    sha256,
    verdict,
    advice: clerkAdvice(verdict, []),
    signatures: [],
    messages: [message(signatureTrace ? 'verify.signature-removed' : 'verify.unsigned')],
  };
}

/** Which of the two signatures of an issued document is not there (domain/vietnam.md §3.4). */
function missingSignature(
  signatures: readonly SignatureReport[],
  { expects }: VerificationOptions,
): VerificationMessageCode | undefined {
  if (expects !== 'issued-document') return undefined;
  if (!signatures.some(({ purpose }) => purpose === 'agency')) return 'verify.agency-signature-missing';
  if (!signatures.some(({ purpose }) => purpose === 'person')) return 'verify.leader-signature-missing';
  return undefined;
}

/** What is known of a file before its signatures are judged. */
interface OpenedFile {
  readonly pdf: PdfDocument;
  readonly fields: readonly SignatureField[];
  readonly ranges: SignedRanges;
  readonly digests: FileDigests;
}

async function verifySignatures(
  { pdf, fields, ranges, digests }: OpenedFile,
  options: VerificationOptions,
): Promise<SignatureReport[]> {
  const ordered = [...ranges].sort(([, a], [, b]) => a.end - b.end);
  const malformed = fields
    .filter((field) => !ranges.has(field))
    .map((field) =>
      withJudgement(blankReport(field), failed('FORMAT_FAILURE', 'verify.signature-malformed')),
    );
  const reports: SignatureReport[] = [];
  const run = new VerificationRun(pdf, options);
  const later: (SeenTimestamp & CoveringTimestamp)[] = [];
  // From the newest to the oldest, so that a document timestamp is known before what it covers.
  for (const [field, range] of ordered.toReversed()) {
    try {
      pdf.work.spend((field.signature?.contents?.length ?? 0) * CONTENT_WORK);
      const coverage = judgeCoverage(pdf, field, range, ranges);
      const input = { pdf, field, range, coverage, digests, documentTimestamps: [...later] };
      if (blankReport(field).kind === 'document-timestamp') {
        const { report, seen } = await judgeDocumentTimestamp(input, run);
        if (seen?.ok) later.push({ ...seen, rangeEnd: range.end });
        reports.unshift(report);
      } else reports.unshift(await judgeSignature(input, run));
    } catch (error) {
      if (!(error instanceof AnThuError)) throw error;
      const judgement = isLimit(error)
        ? undecided('POLICY_PROCESSING_ERROR', 'verify.limit-reached')
        : failed('FORMAT_FAILURE', 'verify.signature-malformed');
      reports.unshift(withJudgement(blankReport(field), judgement));
    }
  }
  return [...reports, ...malformed];
}
