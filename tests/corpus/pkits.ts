import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Asn1Error } from '../../core/asn1/der.ts';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { readCertificates, type Certificate } from '../../core/trust/certificate.ts';
import { buildPath } from '../../core/trust/path.ts';
import { knownWrong } from './pkits-known-wrong.ts';
import type { CorpusCounts } from './main.ts';

const caseSchema = z.object({
  id: z.string(),
  name: z.string(),
  cert: z.string(),
  other_certs: z.array(z.string()).default([]),
  params: z.unknown().optional(),
  error: z.object({ msg_regex: z.string() }).optional(),
});
type PkitsCase = z.infer<typeof caseSchema>;

/** A day on which the suite's certificates live. */
const AT = new Date('2022-06-01T00:00:00Z');

/**
 * NIST's path-validation suite through our path building: only yes or no is compared. Cases that turn on
 * revocation or policies cannot be judged yet; the ones we get wrong are listed in pkits-known-wrong.ts, and no
 * other may go wrong.
 */
export async function checkPkits(folder: string): Promise<CorpusCounts> {
  const cases = z.array(caseSchema).parse(JSON.parse(readFileSync(join(folder, 'pkits.json'), 'utf8')));
  const certificates = new Map<string, Certificate>();
  for (const name of readdirSync(join(folder, 'certs'))) {
    const certificate = readOne(join(folder, 'certs', name));
    if (certificate) certificates.set(name, certificate);
    else process.stdout.write(`  not readable: ${name}\n`);
  }
  const root = certificates.get('TrustAnchorRootCertificate.crt');
  if (!root) throw new Error('the suite has no root');
  const wrong = cases.filter((item) => judge(item, certificates, root) !== (item.error === undefined));
  const tooStrict = wrong.filter((item) => item.error === undefined).length;
  process.stdout.write(
    `PKITS: ${cases.length} cases, ${cases.length - wrong.length} as expected, ${wrong.length} not ` +
      `(${tooStrict} refused that are valid, ${wrong.length - tooStrict} accepted that are not)\n`,
  );
  const fresh = wrong.filter((item) => !knownWrong.has(item.name));
  for (const item of fresh) process.stdout.write(`  ✗ ${item.id} ${item.name}\n`);
  const mended = [...knownWrong].filter((name) => !wrong.some((item) => item.name === name));
  for (const name of mended) process.stdout.write(`  ✗ ${name} is right now: take it from the list\n`);
  return { passed: cases.length - wrong.length, failed: fresh.length + mended.length };
}

/** Undefined for a certificate that our reader refuses. */
function readOne(path: string): Certificate | undefined {
  try {
    return readCertificates(readFileSync(path))[0];
  } catch (error) {
    if (error instanceof Asn1Error) return undefined;
    throw error;
  }
}

function judge(item: PkitsCase, certificates: ReadonlyMap<string, Certificate>, root: Certificate): boolean {
  const leaf = certificates.get(item.cert);
  if (!leaf) return false; // its certificate does not even parse
  const pool = item.other_certs.flatMap((name) => certificates.get(name) ?? []);
  return buildPath(leaf, pool, [trustAnchor(root, 'signature')], { at: AT, purpose: 'signature' }).ok;
}
