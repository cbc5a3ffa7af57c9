import type { AnThuError } from '../../shared/errors.ts';
import type { FailurePlan } from '../../store/job-handler.ts';

/** Conditions that jobs wait for; {@link JobQueue.wake} names them. */
export const waitsFor = {
  token: 'token',
  scanner: 'scanner',
  disk: 'disk',
  network: 'network',
  /** A time-stamping authority or a responder. */
  level: 'level',
  clock: 'clock',
  account: 'account',
  /** A person stopped it and will let it go on. */
  consent: 'consent',
} as const;

const TOKEN_WAIT_MS = 10 * 60_000;
/** Longest pause between two looks at a scanner or a disk; the first ones are shorter. */
const SERVICE_WAIT_MS = 30_000;
const FIRST_SERVICE_WAIT_MS = 2_000;
/** Tries of a failure that may pass by itself, and the pauses between them. */
const TRIES = 3;
const pauses = [1_000, 5_000];

/** Errors that a later try may overcome without anybody doing anything. */
const passing = new Set<string>(['general.program-died', 'general.program-timeout', 'sync.server-away']);

/** Errors that end when there is room on the disk again, or it can be written to; nothing is given up before. */
const needsDisk = new Set<string>(['store.disk-full', 'store.cannot-write', 'signing.write-failed']);

/** A clock that is off is set right by a person some time; documents wait for it. */
const CLOCK_WAIT_MS = 60_000;

/** Errors that end when the token is plugged in, chosen or unlocked. */
function needsToken(code: string): boolean {
  return (
    code.startsWith('token.') || code.startsWith('signing.certificate-') || code === 'engine.no-signing-key'
  );
}

function serviceWait(attempts: number): number {
  return Math.min(SERVICE_WAIT_MS, FIRST_SERVICE_WAIT_MS * 2 ** Math.max(0, attempts - 1));
}

/**
 * The common rule: token errors wait for the token; a scanner that is away and a disk that is full are waited out;
 * passing errors are tried again a few times; the rest is parked.
 */
export function planFailure(error: AnThuError, attempts: number): FailurePlan {
  if (error.code === 'signing.held') return { kind: 'wait', waitsFor: waitsFor.consent, atMostMs: null };
  if (needsToken(error.code)) return { kind: 'wait', waitsFor: waitsFor.token, atMostMs: TOKEN_WAIT_MS };
  if (error.code === 'signing.clock-off')
    return { kind: 'wait', waitsFor: waitsFor.clock, atMostMs: CLOCK_WAIT_MS };
  if (error.code === 'scanner.unavailable') {
    return { kind: 'wait', waitsFor: waitsFor.scanner, atMostMs: serviceWait(attempts) };
  }
  if (needsDisk.has(error.code))
    return { kind: 'wait', waitsFor: waitsFor.disk, atMostMs: serviceWait(attempts) };
  if (passing.has(error.code) && attempts < TRIES)
    return { kind: 'retry', afterMs: pauses[attempts - 1] ?? 5_000 };
  return { kind: 'park' };
}
