import { existsSync } from 'node:fs';
import type { Advice, DiagnosedModule, TokenDiagnosis } from '../../core/contract/token-diagnosis.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { toErrorValue } from '../../core/shared/errors.ts';
import { advise, adviceFor } from './advice.ts';
import { type Candidate, type ConfiguredModule, findCandidates } from './candidates.ts';
import { diagnoseModule, type ModuleFindings } from './diagnose-module.ts';
import { type KnownTries, noTries, type TryCountStore, withOwnCount } from '../token-host/try-counts.ts';

export interface TokenDiagnosisOptions {
  readonly spawner: ProgramSpawner;
  /** Modules that the administrator allowed. */
  readonly configured: readonly ConfiguredModule[];
  readonly now: Date;
  /** Milliseconds for one answer of a module. */
  readonly deadlineMs?: number;
  /** Our own count of tries: a token may say less of them than we know. */
  readonly tries?: Pick<TryCountStore, 'known'>;
  /** Instead of what this machine has; for tests. */
  readonly candidates?: readonly Candidate[];
}

/** Modules looked at side by side; each may block for seconds. */
const SIDE_BY_SIDE = 3;
const DEADLINE_MS = 10_000;
const READER_SERVICE = '/run/pcscd/pcscd.comm';

/** Looks at every module that this machine may have and says what to do about each. Never throws for what a module does. */
export async function diagnoseTokens(options: TokenDiagnosisOptions): Promise<TokenDiagnosis> {
  const started = performance.now();
  const { spawner, now, deadlineMs = DEADLINE_MS } = options;
  const { triesOf, advice } = await readTries(options.tries);
  const candidates = options.candidates ?? findCandidates(options.configured);
  const modules: DiagnosedModule[] = [];
  const waiting = [...candidates.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, candidate] = next;
      const findings = withTries(await diagnoseModule(candidate, { spawner, deadlineMs }), triesOf);
      modules[index] = { ...findings, advice: adviceFor(findings, now) };
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  const there = modules.filter((module) => module.exists || module.configured);
  return {
    platform: process.platform,
    architecture: process.arch,
    modules: [...there, ...modules.filter((module) => !there.includes(module))],
    advice: [...advice, ...machineAdvice(there)],
    ms: Math.round(performance.now() - started),
  };
}

/** A count that cannot be read is said here, before somebody types a PIN that is then not sent. */
async function readTries(
  tries: TokenDiagnosisOptions['tries'],
): Promise<{ readonly triesOf: KnownTries; readonly advice: readonly Advice[] }> {
  const none: KnownTries = () => noTries;
  if (!tries) return { triesOf: none, advice: [] };
  try {
    return { triesOf: await tries.known(), advice: [] };
  } catch (thrown) {
    const { detail } = toErrorValue(thrown);
    const said = (name: string): string => String(detail[name] ?? '');
    const advice = [advise('system.tries-unreadable', { path: said('path'), reason: said('reason') })];
    return { triesOf: none, advice };
  }
}

function withTries(module: ModuleFindings, triesOf: KnownTries): ModuleFindings {
  const slots = module.slots.map((slot) => {
    const { token } = slot;
    return token
      ? { ...slot, token: { ...token, pinState: withOwnCount(token.pinState, triesOf(token.id)) } }
      : slot;
  });
  return { ...module, slots };
}

function machineAdvice(there: readonly DiagnosedModule[]): Advice[] {
  const advice: Advice[] = [];
  if (process.platform === 'darwin' && process.arch === 'arm64') advice.push(advise('system.apple-silicon'));
  if (there.length === 0) advice.push(advise('system.nothing-found'));
  else if (process.platform === 'linux' && !existsSync(READER_SERVICE))
    advice.push(advise('system.no-reader-service'));
  return advice;
}
