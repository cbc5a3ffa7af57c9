import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { readCertificates, type Certificate } from '../../core/trust/certificate.ts';
import { buildPath } from '../../core/trust/path.ts';
import { readEvidence } from '../../core/trust/revocation-evidence.ts';
import { certificateStatus } from '../../core/trust/revocation-status.ts';
import type { CaseVerdict } from './pkits.ts';

const caseSchema = z.object({
  name: z.string(),
  root: z.string(),
  cert: z.string(),
  other_certs: z.array(z.string()).default([]),
  ocsps: z.array(z.string()),
  moment: z.iso.datetime({ offset: true }),
  error: z.object({ class: z.string() }).optional(),
});
type OcspCase = z.infer<typeof caseSchema>;

async function readOne(path: string): Promise<Certificate> {
  const [certificate] = readCertificates(await readFile(path));
  if (!certificate) throw new Error(`no certificate in ${path}`);
  return certificate;
}

/** The suite's responses are base64 text. */
async function readResponse(path: string): Promise<Uint8Array> {
  return Buffer.from(await readFile(path, 'latin1'), 'base64');
}

async function judge(dir: string, test: OcspCase): Promise<{ accepted: boolean; reason: string }> {
  const at = new Date(test.moment);
  const anchors = [trustAnchor(await readOne(join(dir, test.root)), 'signature')];
  const pool = await Promise.all(test.other_certs.map((name) => readOne(join(dir, name))));
  const leaf = await readOne(join(dir, test.cert));
  const responses = await Promise.all(test.ocsps.map((name) => readResponse(join(dir, name))));
  const evidence = readEvidence('given', { responses });
  // Responses of 2012 are signed with SHA-1; the suite is not about that.
  const acceptAlgorithm = (): boolean => true;
  const path = [leaf, ...pool, ...anchors.map(({ certificate }) => certificate)];
  const built = buildPath(leaf, pool, anchors, { at, purpose: 'signature', acceptAlgorithm });
  // Its leaves are servers' certificates, which our purpose refuses; the links are checked all the same.
  if (!built.ok && built.where === 'chain') return { accepted: false, reason: built.detail };
  // A case asks about as many certificates, from the leaf on, as it gives responses.
  for (const [index, certificate] of path.slice(0, test.ocsps.length).entries()) {
    const issuer = path[index + 1];
    if (!issuer) continue;
    const context = { at, now: at, evidence, pool, anchors, acceptAlgorithm };
    const { kind } = certificateStatus(certificate, issuer, context);
    if (kind !== 'good') return { accepted: false, reason: `certificate ${index}: ${kind}` };
  }
  return { accepted: true, reason: 'all answers hold' };
}

/** Judges the OCSP cases of the OpenSSL test suite; `dir` holds `openssl-ocsp.json` and its files. */
export async function judgeOpensslOcsp(dir: string): Promise<CaseVerdict[]> {
  const text = await readFile(join(dir, 'openssl-ocsp.json'), 'utf8');
  const cases = z.array(caseSchema).parse(JSON.parse(text));
  const verdicts: CaseVerdict[] = [];
  for (const test of cases) {
    const outcome = await judge(dir, test).catch((error: unknown) => ({
      accepted: false,
      reason: error instanceof Error ? error.message : String(error),
    }));
    verdicts.push({ name: test.name, expected: !test.error, ...outcome });
  }
  return verdicts;
}
