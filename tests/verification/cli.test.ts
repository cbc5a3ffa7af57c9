import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCommand } from '../../core/engine/cli/commands/verify.ts';
import { verificationReportSchema } from '../../core/contract/verification.ts';
import { confirmAnchor, trustAnchor } from '../../core/trust/anchors.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { buildCrl, toPem } from '../../scripts/pki/certificate-builder.ts';
import { startDemoOcsp } from '../../scripts/pki/index.ts';
import { codes, openWorkshop, type Workshop } from './signed-files.ts';

// The options of `an-thu verify`, called as the command line calls them.

let shop: Workshop;
let signed: string;
const dir = mkdtempSync(join(tmpdir(), 'an-thu-verify-cli-'));

beforeAll(async () => {
  shop = await openWorkshop();
  signed = await shop.sign(shop.letter, 'signed.pdf');
});

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await shop.close();
});

async function verify(...args: string[]) {
  const outcome = await verifyCommand([signed, '--trust', shop.pki.rootPath, ...args]);
  const [file] = verificationReportSchema.parse(outcome.json).files;
  if (!file) throw new Error('no report');
  const [signature] = file.signatures;
  if (!signature) throw new Error('no signature');
  return { status: outcome.status, file, signature, text: outcome.text.join('\n') };
}

function list(authority: 'issuing' | 'root'): Uint8Array {
  const { name, key } = shop.pki[authority];
  const [thisUpdate, nextUpdate] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3600_000)];
  return buildCrl({ issuer: name, issuerKey: key, thisUpdate, nextUpdate, number: 1, revoked: [] });
}

describe('revocation', () => {
  it('is fetched by default, and offline looked for at hand', async () => {
    const ocsp = await startDemoOcsp(shop.pki);
    try {
      const online = await verify();
      expect(online.status).toBe(0);
      expect(online.signature).toMatchObject({ revocation: 'good', revocationSource: 'fetched' });
      expect((await verify('--offline')).signature).toMatchObject({ revocationSource: 'none' });
    } finally {
      await ocsp.close();
    }
  });

  it.each([[[]], [['--offline']], [['--require-revocation']]])(
    'that nobody tells leaves the verdict open, with the options %j',
    async (options) => {
      const wanting = await verify(...options);
      expect(wanting.status).toBe(1);
      expect(wanting.file).toMatchObject({ verdict: 'indeterminate', advice: 'provisional' });
      expect(wanting.signature).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
      expect(wanting.text).toContain('Chưa kiểm tra đủ');
    },
  );

  it('is left out only when that is asked for', async () => {
    const skipped = await verify('--no-revocation');
    expect(skipped.status).toBe(0);
    expect(skipped.signature).toMatchObject({ revocation: 'unknown', indication: 'TOTAL_PASSED' });
    expect(codes(skipped.signature)).toContain('verify.revocation-unchecked');
    await expect(verify('--no-revocation', '--require-revocation')).rejects.toMatchObject({
      code: 'general.usage',
    });
  });

  it('is taken from lists, PEM or DER', async () => {
    const [issuing, root] = [join(dir, 'issuing.crl'), join(dir, 'root.pem')];
    await writeFile(issuing, list('issuing'));
    await writeFile(root, toPem('X509 CRL', list('root')));
    expect((await verify('--offline', '--crl', issuing, '--crl', root)).signature).toMatchObject({
      revocation: 'good',
      revocationSource: 'given',
    });
    const both = join(dir, 'both.pem');
    await writeFile(both, toPem('X509 CRL', list('issuing')) + toPem('X509 CRL', list('root')));
    expect((await verify('--offline', '--crl', both)).file.verdict).toBe('valid');
    await expect(verify('--crl', shop.letter)).rejects.toMatchObject({
      code: 'verification.list-unreadable',
    });
    await expect(verify('--crl', join(dir, 'none'))).rejects.toMatchObject({ code: 'general.no-such-input' });
  });
});

it('writes the printable sheet, and not over another file', async () => {
  const sheet = join(dir, 'phiếu.pdf');
  await verify('--offline', '--report-pdf', sheet);
  expect((await readFile(sheet)).subarray(0, 5).toString()).toBe('%PDF-');
  await expect(verify('--report-pdf', sheet)).rejects.toMatchObject({ code: 'general.output-exists' });
  await verify('--offline', '--report-pdf', sheet, '--force');
});

it('names of passwords lead to environment variables that exist', async () => {
  await expect(verify('--password-env', 'AN_THU_NO_SUCH_VARIABLE')).rejects.toMatchObject({
    code: 'general.usage',
  });
});

it('an unknown authority becomes an anchor only by its own fingerprint', async () => {
  const real = { ...trustAnchor(parseCertificate(shop.pki.root.certificate), 'signature'), sample: false };
  const { fingerprint } = real.certificate;
  const colons = fingerprint.toUpperCase().replace(/(..)(?=.)/g, '$1:');
  expect(() => confirmAnchor(real, [])).toThrow(/anchor-unconfirmed/);
  expect(() => confirmAnchor(real, ['00'.repeat(32)])).toThrow(/anchor-unconfirmed/);
  expect(confirmAnchor(real, [colons])).toBe(real);
  expect(confirmAnchor({ ...real, class: 'official' }, []).class).toBe('official');
});
