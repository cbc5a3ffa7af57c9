import type { Warning } from '../contract/common.ts';
import { isSigningRisk } from '../contract/verification-concerns.ts';
import { AnThuError } from '../shared/errors.ts';
import { inspectFileBeforeSigning } from '../verification/concern-warnings.ts';

/** What becomes of what was seen: the signer is told, or the risks among it are refused as well. */
export type ConcernPolicy = 'told' | 'risks-refused';

/**
 * What a file holds that its signer should know; a file that cannot be opened is refused by signing itself. Throws
 * `signing.risks-refused` for what attacks on signed files are prepared with, where the policy wants that.
 */
export function concernsBeforeSigning(
  inputPath: string,
  password: string | undefined,
  policy: ConcernPolicy,
): Warning[] {
  const concerns = inspect(inputPath, password);
  const risks = policy === 'risks-refused' ? concerns.filter(({ code }) => isSigningRisk(code)) : [];
  if (risks.length > 0)
    throw new AnThuError('signing.risks-refused', { reason: risks.map(({ message }) => message).join(' ') });
  return concerns;
}

function inspect(inputPath: string, password: string | undefined): Warning[] {
  try {
    return inspectFileBeforeSigning(inputPath, password);
  } catch (error) {
    if (error instanceof AnThuError) return [];
    throw error;
  }
}
