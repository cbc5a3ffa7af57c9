import { loadAnchors } from '../../core/trust/anchors.ts';
import { verifyPdf, type VerificationOptions } from '../../core/verification/verify-pdf.ts';
import { diceOf, oneOf } from './dice.ts';
import { makeMutant } from './signed-mutants.ts';
import type { FuzzShop } from './subjects.ts';

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
      const intact = subject.ranges.filter(({ end }) => end <= made.brokenFrom).length;
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
