import { judgeOpensslOcsp } from '../corpus-lib/openssl-ocsp.ts';
import { judgePkits, type CaseVerdict } from '../corpus-lib/pkits.ts';
import type { CorpusCounts } from './main.ts';

/** NIST's path-validation suite through our path building, revocation and policies: only yes or no is compared. */
export async function checkPkits(folder: string): Promise<CorpusCounts> {
  return report('PKITS', await judgePkits(folder));
}

/** The OpenSSL test suite's OCSP responses, delegated and signed by the authority itself. */
export async function checkOpensslOcsp(folder: string): Promise<CorpusCounts> {
  return report('OpenSSL OCSP', await judgeOpensslOcsp(folder));
}

function report(suite: string, verdicts: readonly CaseVerdict[]): CorpusCounts {
  const wrong = verdicts.filter(({ expected, accepted }) => expected !== accepted);
  process.stdout.write(`${suite}: ${verdicts.length} cases, ${verdicts.length - wrong.length} as expected\n`);
  for (const { name, expected, reason } of wrong)
    process.stdout.write(`  ✗ ${name} ${expected ? 'refused' : 'accepted'}: ${reason}\n`);
  return { passed: verdicts.length - wrong.length, failed: wrong.length };
}
