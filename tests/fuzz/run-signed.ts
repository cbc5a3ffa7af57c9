import { loadAnchors } from '../../core/trust/anchors.ts';
import { verifyPdf, type VerificationOptions } from '../../core/verification/verify-pdf.ts';
import { diceOf, oneOf } from './dice.ts';
import { makeMutant, type Mutant } from './signed-mutants.ts';
import type { FuzzShop, Subject } from './subjects.ts';

/** What one mutant did that it should not have. */
export interface Finding {
  readonly mutant: number;
  readonly what: string;
}

/** Mutants looked at, and findings. */
export interface FuzzCounts {
  readonly tried: Record<string, number>;
  readonly findings: Finding[];
}

/** Verifies mutants `from` to `to` of a seed: "any change inside a range and any unlisted change after it is never PASSED". */
export async function runSigned(
  { shop, subjects }: FuzzShop,
  seed: number,
  [from, to]: readonly [number, number],
): Promise<FuzzCounts> {
  const counts: FuzzCounts = { tried: {}, findings: [] };
  const anchors = await loadAnchors([shop.pki.rootPath], 'signature');
  const tsaAnchors = await loadAnchors([shop.pki.rootPath], 'timestamp');
  const options: VerificationOptions = {
    anchors,
    tsaAnchors,
    extraCertificates: [],
    now: new Date(),
    revocation: 'skip',
  };
  for (let mutant = from; mutant < to; mutant++) {
    const roll = diceOf(seed, mutant);
    const subject = oneOf(roll, subjects);
    const made = await makeMutant(subject, roll);
    if (!made) continue;
    counts.tried[made.kind] = (counts.tried[made.kind] ?? 0) + 1;
    const path = await shop.write(`mutant-${seed % 1000}.pdf`, made.bytes);
    const what = `${made.kind} in ${subject.name}`;
    try {
      const report = await verifyPdf(path, options);
      const intact = subject.ranges.filter((range) => isUntouched(range, subject.bytes, made)).length;
      const passed = report.signatures.filter(({ indication }) => indication === 'TOTAL_PASSED').length;
      if (report.verdict === 'valid' || passed > intact)
        counts.findings.push({
          mutant,
          what: `${what}: ${report.verdict}, ${passed} passed of ${intact} intact`,
        });
    } catch (error) {
      counts.findings.push({
        mutant,
        what: `${what}: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  return counts;
}

/** Whether a signature may still pass: its bytes are as they were, be its own value written otherwise. */
function isUntouched({ gap, end }: Subject['ranges'][number], original: Buffer, made: Mutant): boolean {
  if (end <= made.brokenFrom) return true;
  if (made.bytes.length !== original.length) return false;
  const same = (from: number, to: number): boolean =>
    made.bytes.subarray(from, to).equals(original.subarray(from, to));
  return same(0, gap[0]) && same(gap[1], end);
}
