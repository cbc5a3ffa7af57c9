import { rm } from 'node:fs/promises';
import type { Warning } from '../../contract/common.ts';
import type { FileReport } from '../../contract/verification.ts';
import { isSigningRisk } from '../../contract/verification-concerns.ts';
import type { SigningKey } from '../../ports/signing-key.ts';
import { type Clock, vietnamIso } from '../../shared/clock.ts';
import { AnThuError } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import { reason } from '../../shared/reasons.ts';
import { buildCms, type BuiltCms } from '../../signing/cades.ts';
import { reaches } from '../../signing/levels.ts';
import { assertMaySign } from '../../signing/signer-certificate.ts';
import { requestTimestamp } from '../../signing/timestamp-client.ts';
import type { EmbeddedSignature, PreparedSignature } from '../../signing/prepared-signature.ts';
import { loadCertificates } from '../../trust/anchors.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import { recordObject } from '../../store/object-rows.ts';
import type { EngineContext } from '../context.ts';
import { concernReasons } from '../../verification/concern-reasons.ts';
import { queueArrivalRecord } from './arrival-upload.ts';
import { planFailure } from './failure-plan.ts';
import { jobKinds } from './job-kinds.ts';
import { assertAgencyCertificate } from './token-choices.ts';
import { holds, selfCheckFailed } from '../../verification/report-words.ts';
import { scheduleSealRecheck } from './revocation-recheck.ts';
import { TSA_DEADLINE_MS, wantedLevel } from './raise-level.ts';
import { scanLook } from './scan-look.ts';
import { trustPaths } from './trust-paths.ts';

/** The job that puts the agency's signature on a registered scan, checks it, archives it and queues its upload. */
export function registerSealingJob(context: EngineContext, jobs: JobQueue, afterSeal: () => void): void {
  jobs.register(jobKinds.sign, {
    run: async (job) => {
      context.sealing.begin();
      await sealDocument(context, job.subject);
      context.sealing.signed();
      context.emit('document.changed', { id: job.subject });
      context.emit('register.changed', { id: null });
      afterSeal();
    },
    onFailure: (error, attempts, job) => {
      context.emit('document.changed', { id: job.subject });
      return planFailure(error, attempts);
    },
  });
}

interface Sealed {
  readonly prepared: PreparedSignature;
  readonly cms: BuiltCms;
  readonly embedded: EmbeddedSignature;
  readonly report: FileReport;
  /** From asking for the key to the embedded signature: what is asked before, token and TSA included. */
  readonly signMs: number;
  /** What the token (finding the key, signing) and the TSA took. */
  readonly tokenMs: number;
  readonly timestampMs: number;
  readonly verifyMs: number;
}

/**
 * Signs in a scratch file, checks it with our own verifier, publishes the object, and only then commits one
 * transaction: object, verification, audit, outbox (house.md, "What never bends" 1). Repeating it after a crash
 * signs afresh; a half-made file never gets a name.
 */
async function sealDocument(context: EngineContext, documentId: string): Promise<void> {
  if (context.documents.state(documentId) === 'sealed') return;
  const working = context.documents.newest(documentId, 'working-pdf');
  if (!working) throw new AnThuError('store.object-missing', { sha256: documentId });
  const inputPath = await context.objects.requireIntact(working.sha256);
  const concerns = await acceptedConcerns(context, documentId, inputPath);
  const token = stopwatch(context.clock);
  const started = context.clock.monotonic();
  const { key, warnings } = await agencyKey(context, token);
  const partPath = context.objects.scratchPath('.pdf');
  try {
    const sealed = await signAndCheck(context, { documentId, inputPath, partPath, key, token, started });
    failpoint('seal.signed');
    const storing = context.clock.monotonic();
    const object = await context.objects.adopt(partPath);
    const storeMs = round(context.clock.monotonic() - storing);
    if (object.sha256 !== sealed.embedded.sha256) {
      throw new AnThuError('archive.self-check-failed', { reason: reason('file.changed-after-check') });
    }
    failpoint('seal.object-stored');
    commitSeal(context, {
      documentId,
      workingSha256: working.sha256,
      object,
      sealed,
      storeMs,
      concerns,
      warnings,
    });
    failpoint('seal.committed');
  } finally {
    await rm(partPath, { force: true });
  }
}

/** The same eyes that judge arrivals look at what is about to be signed; a risk must have been accepted at registering. */
async function acceptedConcerns(
  context: EngineContext,
  documentId: string,
  inputPath: string,
): Promise<readonly string[]> {
  const concerns = await context.worker.inspectBeforeSigning(inputPath);
  const risks = concerns.filter(({ code }) => isSigningRisk(code));
  const decided = () => context.audit.count(documentId, ['register.decided']) > 0;
  if (risks.length > 0 && !decided())
    throw new AnThuError('signing.concerns-unaccepted', {
      reason: concernReasons(risks),
    });
  return concerns.map(({ code }) => code);
}

interface AgencyKey {
  readonly key: SigningKey;
  /** What its signer should know before. */
  readonly warnings: readonly Warning[];
}

async function agencyKey(context: EngineContext, token: Stopwatch): Promise<AgencyKey> {
  const { keyUri } = context.settings().signing;
  if (keyUri === null) throw new AnThuError('engine.no-signing-key');
  const key = await token.time(() => context.tokens.key(keyUri));
  assertMaySign(key.certificate, context.clock.now());
  const { level, tsaUrl } = context.settings().signing;
  assertAgencyCertificate(context, key.certificate);
  const { anchors, certificates } = context.folder;
  const [revocation] = await Promise.all([
    context.revocationCheck.assertNotRevoked(key.certificate, key.chain, () =>
      loadCertificates([certificates, anchors]),
    ),
    context.clockCheck.assertFits(level === 'B-B' || !context.tsaPatience.mayAsk ? null : tsaUrl),
  ]);
  return { key, warnings: revocation ? [revocation] : [] };
}

async function signAndCheck(
  context: EngineContext,
  work: {
    documentId: string;
    inputPath: string;
    partPath: string;
    key: SigningKey;
    token: Stopwatch;
    /** Monotonic milliseconds. */
    started: number;
  },
): Promise<Sealed> {
  const { signing } = context.settings();
  const prepared = await context.worker.prepareSignature({
    inputPath: work.inputPath,
    partPath: work.partPath,
    signingTime: vietnamIso(context.clock.now()),
    appearance: scanLook(context, work.documentId),
  });
  failpoint('seal.prepared');
  const tsaUrl = context.tsaPatience.mayAsk ? signing.tsaUrl : null;
  const tsa = stopwatch(context.clock);
  const key: SigningKey = { ...work.key, sign: (request) => work.token.time(() => work.key.sign(request)) };
  const timestamp =
    signing.level !== 'B-B' && tsaUrl !== null
      ? (digest: Uint8Array) =>
          tsa.time(() => requestTimestamp({ url: tsaUrl, digest, deadlineMs: TSA_DEADLINE_MS }))
      : undefined;
  const cms = await buildCms(prepared, key, { timestamp, reserveBytes: prepared.reserveBytes });
  if (timestamp) context.tsaPatience.learn(cms.timestampError);
  failpoint('seal.token-answered');
  const embedded = await context.worker.embedSignature(prepared, cms.cms);
  failpoint('seal.embedded');
  const signedAt = context.clock.monotonic();
  const report = await context.worker.verify(work.partPath, trustPaths(context), context.clock.now());
  const last = report.signatures.at(-1);
  // Offline the revocation state is open (TRY_LATER); the job `document.recheck` closes it.
  if (!holds(report) || last?.coverage !== 'whole-file' || last.field !== prepared.fieldName) {
    throw selfCheckFailed(report);
  }
  const verifiedAt = context.clock.monotonic();
  return {
    prepared,
    cms,
    embedded,
    report,
    signMs: round(signedAt - work.started),
    tokenMs: round(work.token.ms),
    timestampMs: round(tsa.ms),
    verifyMs: round(verifiedAt - signedAt),
  };
}

/** Adds up the time of what is done under it. */
interface Stopwatch {
  ms: number;
  time<T>(work: () => Promise<T>): Promise<T>;
}

function stopwatch(clock: Clock): Stopwatch {
  const watch: Stopwatch = {
    ms: 0,
    time: async <T>(work: () => Promise<T>): Promise<T> => {
      const started = clock.monotonic();
      try {
        return await work();
      } finally {
        watch.ms += clock.monotonic() - started;
      }
    },
  };
  return watch;
}

/** Tenths of a millisecond. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function commitSeal(
  context: EngineContext,
  seal: {
    documentId: string;
    workingSha256: string;
    object: { sha256: string; bytes: number };
    sealed: Sealed;
    storeMs: number;
    concerns: readonly string[];
    warnings: readonly Warning[];
  },
): void {
  const { documentId, object, sealed } = seal;
  context.database.transaction(() => {
    recordObject(context.database, { ...object, mediaType: 'application/pdf' }, context.clock.now());
    context.documents.addObject(documentId, {
      sha256: object.sha256,
      role: 'sealed',
      name: 'bản đã ký số.pdf',
      extendsSha256: seal.workingSha256,
    });
    const report = { ...sealed.report, input: object.sha256 };
    context.documents.addCheck(documentId, object.sha256, report);
    context.documents.setState(documentId, 'sealed');
    context.audit.append({
      actor: context.actor,
      action: 'document.sealed',
      subject: documentId,
      data: {
        sha256: object.sha256,
        extends: seal.workingSha256,
        prefixBytes: sealed.embedded.prefixBytes,
        prefixSha256: sealed.embedded.prefixSha256,
        bytes: object.bytes,
        level: sealed.cms.level,
        requestedLevel: wantedLevel(context),
        pending: [...sealed.cms.pending],
        field: sealed.prepared.fieldName,
        signer: report.signatures.at(-1)?.signer?.fingerprint ?? null,
        verdict: report.verdict,
        signMs: sealed.signMs,
        tokenMs: sealed.tokenMs,
        timestampMs: sealed.timestampMs,
        verifyMs: sealed.verifyMs,
        storeMs: seal.storeMs,
        warnings: [...seal.warnings, ...sealed.prepared.warnings].map((warning) => warning.code),
        concerns: seal.concerns,
      },
    });
    if (report.advice === 'provisional') scheduleSealRecheck(context, documentId);
    // Below the level: the job that raises it sends what it reaches, or what there is.
    if (reaches(sealed.cms.level, wantedLevel(context))) queueArrivalRecord(context, documentId);
    else context.jobs.add(jobKinds.extend, documentId);
  });
}
