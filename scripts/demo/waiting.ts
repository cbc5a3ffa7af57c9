import type { AuditEntry } from '../../core/contract/document.ts';

const POLL_MS = 25;
const PATIENCE_MS = 120_000;

/** Asks again until there is an answer; fails loudly when it takes too long. */
export async function poll<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`đợi quá lâu: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Milliseconds between entries of the audit log; `start` is when the thing began. */
export function stageTimes(startMs: number, entries: readonly AuditEntry[]) {
  const at = (action: string) => {
    if (action === 'start') return startMs;
    const entry = entries.find((candidate) => candidate.action === action);
    if (!entry) throw new Error(`no audit entry ${action}`);
    return Date.parse(entry.at);
  };
  return { between: (from: string, to: string) => Math.max(0, at(to) - at(from)) };
}
