import type { VirusCheck } from '../../contract/intake.ts';
import type { ScanVerdict } from '../../ports/virus-scanner.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';

/** Asks the scanner about one file. Left out only where the settings say so, and then it says so too. */
export async function checkForViruses(
  context: Pick<EngineContext, 'clock' | 'scanner'>,
  path: string,
): Promise<VirusCheck> {
  const at = context.clock.now().toISOString();
  const scanner = context.scanner();
  if (!scanner) {
    return { verdict: 'left-out', reply: '', engine: null, database: null, databaseDate: null, at };
  }
  const verdict = await scanner.scan(path);
  const version = verdict.kind === 'clean' || verdict.kind === 'infected' ? verdict.version : null;
  return {
    verdict: verdict.kind,
    reply: describe(verdict),
    engine: version?.engine ?? null,
    database: version?.database ?? null,
    databaseDate: version?.databaseDate ?? null,
    at,
  };
}

function describe(verdict: ScanVerdict): string {
  switch (verdict.kind) {
    case 'clean':
    case 'too-large':
      return verdict.reply;
    case 'infected':
      return `${verdict.name}: ${verdict.reply}`;
    case 'unavailable':
    case 'error':
      return verdict.reason;
  }
}

/** The error that a verdict other than clean means for the file; null when the file may go on. */
export function refusalOf(context: Pick<EngineContext, 'settings'>, check: VirusCheck): AnThuError | null {
  switch (check.verdict) {
    case 'clean':
    case 'left-out':
      return null;
    case 'infected':
      return new AnThuError('scanner.infected', { name: check.reply.split(':')[0] ?? check.reply });
    case 'too-large':
      return new AnThuError('scanner.too-large', {
        limitBytes: context.settings().scanner.maxMegabytes * 1_000_000,
      });
    case 'unavailable':
      return new AnThuError('scanner.unavailable', { reason: check.reply });
    case 'error':
      return new AnThuError('scanner.error', { reason: check.reply });
  }
}
