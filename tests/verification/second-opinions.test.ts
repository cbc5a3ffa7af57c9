import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { Asn1Error } from '../../core/asn1/der.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { buildPath } from '../../core/trust/path.ts';
import { toPem } from '../../scripts/pki/certificate-builder.ts';
import { compileJava } from '../lib/java.ts';
import { defectNames, generatePath, moment, type Defect, type GeneratedPath } from './generated-paths.ts';

// `openssl verify -x509_strict` and Java's PKIX about the same paths: where they differ from us, the reason stands here
// and in docs/decisions/paths-and-second-opinions.md.

const run = promisify(execFile);
const seed = 20_261_122;
const count = 10 * defectNames.length;
const dir = mkdtempSync(join(tmpdir(), 'an-thu-opinions-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Disagreement {
  readonly openssl?: boolean;
  readonly java?: boolean;
  readonly reason: string;
}

const disagreements: Partial<Record<Defect, Disagreement>> = {
  'anchor expired': { openssl: false, reason: 'RFC 5280 6.1: an anchor is trusted by decision, its own dates are not part of the path' },
  'leaf that may not sign': { openssl: true, java: true, reason: 'key usage of the leaf is left to the application, which we are' },
  'leaf for timestamps alone': { openssl: true, java: true, reason: 'extended key usage of the leaf is left to the application; Java and OpenSSL were not told the purpose' },
  'authority with a weak key': { openssl: true, java: true, reason: 'RSA below 1900 bits counts until 2019 for us; their floor is lower' },
  'path too long': { java: true, reason: 'the path length stands in the anchor: RFC 5280 6.1 takes name and key of it alone, OpenSSL and we obey all it says' },
}; // prettier-ignore

const paths: readonly GeneratedPath[] = Array.from({ length: count }, (_, index) =>
  generatePath(seed, index),
);

function ours({ root, middle, leaf }: GeneratedPath): boolean {
  try {
    const anchors = [trustAnchor(parseCertificate(root), 'signature')];
    const options = { at: moment, purpose: 'signature' } as const;
    return buildPath(parseCertificate(leaf), middle.map(parseCertificate), anchors, options).ok;
  } catch (error) {
    if (error instanceof Asn1Error) return false;
    throw error;
  }
}

const pem = (certificates: readonly Uint8Array[]): string =>
  certificates.map((der) => toPem('CERTIFICATE', der)).join('');

async function openssl({ root, middle, leaf }: GeneratedPath, index: number): Promise<boolean> {
  const write = (name: string, certificates: readonly Uint8Array[]): string => {
    const file = join(dir, `${index}-${name}.pem`);
    writeFileSync(file, pem(certificates));
    return file;
  };
  const args = ['verify', '-x509_strict', '-policy', 'anyPolicy', '-policy_check', '-attime', String(moment.getTime() / 1000),
    '-CAfile', write('root', [root]), '-untrusted', write('middle', middle), write('leaf', [leaf])]; // prettier-ignore
  return await run('openssl', args).then(
    () => true,
    () => false,
  );
}

function java(all: readonly GeneratedPath[]): boolean[] {
  const program = compileJava('PathOpinion');
  try {
    const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');
    const lines = all.map(({ root, middle, leaf }) =>
      [moment.getTime(), base64(root), base64(leaf), ...middle.toReversed().map(base64)].join(' '),
    );
    const answers = program
      .run({ input: `${lines.join('\n')}\n` })
      .trimEnd()
      .split('\n');
    return answers.map((answer) => answer === 'ok');
  } finally {
    program.remove();
  }
}

/** Defects whose verdicts are not as expected, with how many. */
function surprises(verdicts: readonly boolean[], who: 'openssl' | 'java' | 'ours'): string[] {
  const odd = paths.flatMap(({ defect, accepted }, index) => {
    const expected = who === 'ours' ? accepted : (disagreements[defect]?.[who] ?? accepted);
    return verdicts[index] === expected ? [] : [`${defect}: ${verdicts[index] ? 'accepted' : 'refused'}`];
  });
  return [...new Set(odd)];
}

describe(`${count} generated paths, one defect each or none`, () => {
  it('are judged as expected by us', () => {
    expect(surprises(paths.map(ours), 'ours')).toEqual([]);
  });

  it(
    'are judged alike by openssl verify -x509_strict, but for the differences listed',
    { timeout: 180_000 },
    async () => {
      const verdicts: boolean[] = [];
      for (let from = 0; from < paths.length; from += 8)
        verdicts.push(
          ...(await Promise.all(paths.slice(from, from + 8).map((path, at) => openssl(path, from + at)))),
        );
      expect(surprises(verdicts, 'openssl')).toEqual([]);
    },
  );

  it("are judged alike by Java's PKIX, but for the differences listed", { timeout: 180_000 }, () => {
    const verdicts = java(paths);
    expect(verdicts).toHaveLength(paths.length);
    expect(surprises(verdicts, 'java')).toEqual([]);
  });
});
