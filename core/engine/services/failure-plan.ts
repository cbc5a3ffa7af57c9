import type { AnThuError } from '../../shared/errors.ts';
import type { FailurePlan } from '../../store/job-queue.ts';

/** Conditions that jobs wait for; {@link JobQueue.wake} names them. */
export const waitsFor = { token: 'token', scanner: 'scanner' } as const;

const TOKEN_WAIT_MS = 10 * 60_000;
const SCANNER_WAIT_MS = 30_000;
/** Tries of a failure that may pass by itself, and the pauses between them. */
const TRIES = 5;
const pauses = [1_000, 5_000, 30_000, 120_000];

/** Errors that a later try may overcome without anybody doing anything. */
const passing = new Set<string>([
  'general.program-died',
  'general.program-timeout',
  'store.disk-full',
  'store.cannot-write',
  'sync.server-away',
]);

/** Errors that end when the token is plugged in, chosen or unlocked. */
function needsToken(code: string): boolean {
  return code.startsWith('token.') || code === 'engine.no-signing-key';
}

/** The common rule: token errors wait for the token, passing ones are tried again a few times, the rest is parked. */
export function planFailure(error: AnThuError, attempts: number): FailurePlan {
  if (needsToken(error.code)) return { kind: 'wait', waitsFor: waitsFor.token, atMostMs: TOKEN_WAIT_MS };
  if (error.code === 'scanner.unavailable') {
    return { kind: 'wait', waitsFor: waitsFor.scanner, atMostMs: SCANNER_WAIT_MS };
  }
  if (passing.has(error.code) && attempts < TRIES)
    return { kind: 'retry', afterMs: pauses[attempts - 1] ?? 120_000 };
  return { kind: 'park' };
}
