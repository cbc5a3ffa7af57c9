import { z } from 'zod';
import type { ScanVerdict, ScannerVersion } from '../../core/ports/virus-scanner.ts';

/** What `clamscan` resolves with. Everything but the raw reply is ignored: it guesses (findings/shell.md §5). */
export const scanResultSchema = z.object({
  isInfected: z.boolean().nullable(),
  resultString: z.string(),
});
export type ScanResult = z.infer<typeof scanResultSchema>;

const LIMIT_PREFIX = 'Heuristics.Limits.Exceeded';

/** Turns clamd's reply to INSTREAM into a verdict: `stream: OK`, letter for letter, is clean and nothing else is. */
export function judgeReply(options: {
  readonly result: ScanResult;
  readonly fileBytes: number;
  readonly version: ScannerVersion;
}): ScanVerdict {
  const { result, fileBytes, version } = options;
  const reply = result.resultString.replace(/[\0\r\n]+$/u, '');
  if (result.isInfected === false && reply === 'stream: OK') return { kind: 'clean', reply, version };
  const name = /^stream: ([^\0\r\n]+) FOUND$/u.exec(reply)?.[1];
  if (name?.startsWith(LIMIT_PREFIX)) return { kind: 'too-large', limitBytes: fileBytes, reply };
  if (result.isInfected === true && name) return { kind: 'infected', name, reply, version };
  if (reply.includes('size limit exceeded')) return { kind: 'too-large', limitBytes: fileBytes, reply };
  if (reply === '' || reply.includes('TIMED OUT')) {
    return { kind: 'unavailable', reason: reply || 'connection ended without an answer' };
  }
  return { kind: 'error', reason: `unexpected reply: ${reply.slice(0, 200)}` };
}

/**
 * Reads the answer to VERSION, `ClamAV 1.4.6/27800/Fri Nov 21 08:00:00 2026`; a daemon with hand-made
 * signatures only leaves number and date out. Undefined when it is not ClamAV that answers.
 */
export function parseVersion(answer: string): ScannerVersion | undefined {
  const parts = answer.replace(/[\0\r\n]+$/u, '').split('/');
  const engine = parts[0];
  if (!engine || !/^ClamAV \d/u.test(engine)) return undefined;
  const instant = Date.parse(`${parts[2] ?? ''} UTC`);
  return {
    engine,
    database: parts[1] ?? '',
    databaseDate: Number.isNaN(instant) ? undefined : new Date(instant).toISOString(),
  };
}
