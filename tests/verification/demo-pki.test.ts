import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificates } from '../../core/trust/certificate.ts';
import {
  createDemoPki,
  issueCertificate,
  loadDemoPki,
  startDemoOcsp,
  startDemoTsa,
  type DemoOcsp,
  type DemoPki,
  type DemoService,
} from '../../scripts/pki/index.ts';
import { toPem } from '../../scripts/pki/certificate-builder.ts';

const run = promisify(execFile);

/** Output of an OpenSSL command, whatever its exit status. */
async function openssl(...args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run('openssl', args);
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

let dir: string;
let pki: DemoPki;
let tsa: DemoService;
let ocsp: DemoOcsp;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-pki-'));
  pki = await createDemoPki(join(dir, 'pki'), {
    agencyName: 'Ủy ban nhân dân xã Hòa Bình (mẫu)',
    organId: 'H61.99.1',
    senderName: 'Ủy ban nhân dân tỉnh Vĩnh Long (mẫu)',
    senderOrganId: 'H61',
    leader: { name: 'Nguyễn Văn Mẫu', title: 'Chủ tịch' },
    pin: '123456',
  });
  tsa = await startDemoTsa(pki);
  ocsp = await startDemoOcsp(pki);
});

afterAll(async () => {
  await tsa.close();
  await ocsp.close();
  await rm(dir, { recursive: true, force: true });
});

describe('certificates of the demo, seen by OpenSSL', () => {
  it.each(['agency', 'sender', 'leader', 'ocsp'])('chain of %s is accepted strictly', async (name) => {
    const output = await openssl(
      'verify',
      '-x509_strict',
      '-CAfile',
      pki.rootPath,
      '-untrusted',
      pki.issuingPath,
      join(pki.dir, `${name}.crt`),
    );
    expect(output).toContain(': OK');
  });

  it('the TSA certificate is fit for timestamping', async () => {
    const output = await openssl(
      'verify',
      '-purpose',
      'timestampsign',
      '-x509_strict',
      '-CAfile',
      pki.rootPath,
      '-untrusted',
      pki.issuingPath,
      pki.tsaCertificatePath,
    );
    expect(output).toContain(': OK');
  });

  it('the agency is named in Vietnamese and marked as sample', async () => {
    const output = await openssl(
      'x509',
      '-in',
      pki.agency.certificate,
      '-noout',
      '-text',
      '-nameopt',
      'utf8,sep_comma_plus',
    );
    expect(output).toContain('CN=Ủy ban nhân dân xã Hòa Bình (mẫu)');
    expect(output).toContain('Digital Signature, Non Repudiation');
    expect(output).toContain('1.3.6.1.4.1.32473.7.1');
    expect(output).toContain(`OCSP - URI:${pki.ocspUrl}`);
  });

  it('the PKCS#12 file opens with its PIN, is AES, and holds the same certificate', async () => {
    const good = await openssl(
      'pkcs12',
      '-in',
      pki.agency.pkcs12,
      '-passin',
      'pass:123456',
      '-nokeys',
      '-info',
    );
    expect(good).toContain('PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256');
    const [inside] = readCertificates(Buffer.from(good));
    const [outside] = readCertificates(await readFile(pki.agency.certificate));
    expect(inside?.fingerprint).toBe(outside?.fingerprint);
    const bad = await openssl('pkcs12', '-in', pki.agency.pkcs12, '-passin', 'pass:000000', '-noout');
    expect(bad).toContain('invalid password');
  });

  it('a kept folder opens again with the same keys', async () => {
    const again = await loadDemoPki(pki.dir);
    expect(again.agency).toEqual(pki.agency);
    expect(again.servicePort).toBe(pki.servicePort);
    expect(again.issuing.key.equals(pki.issuing.key)).toBe(true);
  });
});

describe('the demo TSA, seen by OpenSSL', () => {
  async function ask(...options: string[]): Promise<{ query: string; reply: string }> {
    const query = join(dir, 'query.tsq');
    const reply = join(dir, 'reply.tsr');
    await writeFile(join(dir, 'data'), 'văn bản');
    await openssl('ts', '-query', '-data', join(dir, 'data'), ...options, '-out', query);
    const response = await fetch(tsa.url, { method: 'POST', body: await readFile(query) });
    expect(response.headers.get('content-type')).toBe('application/timestamp-reply');
    await writeFile(reply, Buffer.from(await response.arrayBuffer()));
    return { query, reply };
  }

  it.each(['-sha256', '-sha384', '-sha512'])('timestamps a %s imprint', async (digest) => {
    const { query, reply } = await ask(digest, '-cert');
    const output = await openssl(
      'ts',
      '-verify',
      '-queryfile',
      query,
      '-in',
      reply,
      '-CAfile',
      pki.rootPath,
      '-untrusted',
      pki.issuingPath,
    );
    expect(output).toContain('Verification: OK');
  });

  it('leaves the certificate out when it is not asked for', async () => {
    const { reply } = await ask('-sha256');
    const bare = (await readFile(reply)).length;
    await ask('-sha256', '-cert');
    const full = (await readFile(reply)).length;
    expect(full - bare).toBeGreaterThan(1500);
  });

  it('refuses a SHA-1 imprint with badAlg', async () => {
    const { reply } = await ask('-sha1');
    const output = await openssl('ts', '-reply', '-in', reply, '-text');
    expect(output).toContain('Rejected');
    expect(output).toMatch(/unrecognized or unsupported algorithm/i);
  });

  it('refuses rubbish with badDataFormat', async () => {
    const response = await fetch(tsa.url, { method: 'POST', body: 'rubbish' });
    await writeFile(join(dir, 'reply.tsr'), Buffer.from(await response.arrayBuffer()));
    const output = await openssl('ts', '-reply', '-in', join(dir, 'reply.tsr'), '-text');
    expect(output).toMatch(/wrong format/i);
  });
});

describe('the demo OCSP responder, seen by OpenSSL', () => {
  const ask = (certificate: string, ...more: string[]): Promise<string> =>
    openssl(
      'ocsp',
      '-issuer',
      pki.issuingPath,
      '-cert',
      certificate,
      '-url',
      pki.ocspUrl,
      '-CAfile',
      pki.chainPath,
      ...more,
    );

  it('says good of a good certificate, with the nonce', async () => {
    const output = await ask(pki.agency.certificate);
    expect(output).toContain('Response verify OK');
    expect(output).toContain('agency.crt: good');
    expect(output).not.toContain('WARNING');
  });

  it('answers for the issuing authority in the name of the root', async () => {
    const output = await openssl(
      'ocsp',
      '-issuer',
      pki.rootPath,
      '-cert',
      pki.issuingPath,
      '-url',
      pki.ocspUrl,
      '-CAfile',
      pki.rootPath,
    );
    expect(output).toContain('Response verify OK');
    expect(output).toContain('issuing.crt: good');
  });

  it('knows its certificates by SHA-256 too', async () => {
    const output = await openssl(
      'ocsp',
      '-sha256',
      '-issuer',
      pki.issuingPath,
      '-cert',
      pki.agency.certificate,
      '-url',
      pki.ocspUrl,
      '-CAfile',
      pki.chainPath,
    );
    expect(output).toContain('agency.crt: good');
  });

  it('says revoked of a revoked one, and the CRL says so too', async () => {
    const life = { notBefore: new Date(Date.now() - 3600_000), notAfter: new Date(Date.now() + 3600_000) };
    const issued = await issueCertificate(pki, { ...life, subject: [['CN', 'Bị thu hồi']] });
    const path = join(dir, 'revoked.crt');
    await writeFile(path, toPem('CERTIFICATE', issued.certificate));
    const [certificate] = readCertificates(issued.certificate);
    ocsp.setStatus(certificate?.serial ?? '', { kind: 'revoked', at: new Date() });
    expect(await ask(path)).toContain('revoked.crt: revoked');

    const crl = await fetch(`${ocsp.url}/issuing.crl`);
    await writeFile(join(dir, 'crl.der'), Buffer.from(await crl.arrayBuffer()));
    const shown = await openssl(
      'crl',
      '-inform',
      'DER',
      '-in',
      join(dir, 'crl.der'),
      '-noout',
      '-text',
      '-CAfile',
      pki.issuingPath,
    );
    expect(shown).toContain('verify OK');
    expect(shown.toLowerCase()).toContain(certificate?.serial);
  });

  it('says unknown of a certificate of another issuer', async () => {
    const output = await openssl(
      'ocsp',
      '-issuer',
      pki.agency.certificate,
      '-cert',
      pki.agency.certificate,
      '-url',
      pki.ocspUrl,
      '-CAfile',
      pki.chainPath,
    );
    expect(output).toContain('agency.crt: unknown');
  });

  it('answers GET like POST', async () => {
    const request = join(dir, 'request.der');
    await openssl(
      'ocsp',
      '-issuer',
      pki.issuingPath,
      '-cert',
      pki.agency.certificate,
      '-no_nonce',
      '-reqout',
      request,
    );
    const encoded = encodeURIComponent((await readFile(request)).toString('base64'));
    const response = await fetch(`${pki.ocspUrl}/${encoded}`);
    await writeFile(join(dir, 'reply.der'), Buffer.from(await response.arrayBuffer()));
    const output = await openssl(
      'ocsp',
      '-respin',
      join(dir, 'reply.der'),
      '-issuer',
      pki.issuingPath,
      '-cert',
      pki.agency.certificate,
      '-CAfile',
      pki.chainPath,
      '-no_nonce',
    );
    expect(output).toContain('agency.crt: good');
  });
});
