import { createHash, hkdfSync, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { oids } from '../../core/trust/oids.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { isSignedBy } from '../../core/trust/path.ts';
import { parseSignedData } from '../../core/verification/cms.ts';
import { checkSigner } from '../../core/verification/signer-check.ts';
import { publicKeyShape, summarizeCertificate } from '../../native/token-host/certificate-summary.ts';
import { PinKeys } from '../../native/token-host/pin-keys.ts';
import { SoftTokenBackend } from '../../native/soft-token/backend.ts';
import { Checks } from './checks.ts';
import { verdictOn } from './pdf-vector.ts';
import { keyFor, makeVectors, message, type Vectors, vectorsSchema } from './vectors.ts';

/*
 * Runs our cryptography under the engine that runs this file: `check.ts [FILE] [--write FILE]`.
 * FILE holds vectors of another engine; --write leaves ours for it. Status 1 when an assertion fails.
 */

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

function checkHashes(checks: Checks): void {
  const expected = {
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    sha384:
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    sha512:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  };
  for (const [name, hex] of Object.entries(expected)) {
    const hash = createHash(name).update('a');
    const saved = hash.copy();
    checks.equal(`${name} of "abc"`, hash.update('bc').digest('hex'), hex);
    checks.equal(`${name} of "abc" from a saved state`, saved.update('bc').digest('hex'), hex);
  }
  // Test case 1 of RFC 5869.
  const okm = hkdfSync(
    'sha256',
    Buffer.alloc(22, 0x0b),
    Buffer.from('000102030405060708090a0b0c', 'hex'),
    Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex'),
    42,
  );
  const wanted = '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865';
  checks.equal('HKDF-SHA-256', Buffer.from(okm).toString('hex'), wanted);
}

async function checkPinSealing(checks: Checks): Promise<void> {
  const keys = new PinKeys();
  const pin = 'mã PIN 123456';
  const sealed = await sealPin(keys.create('pkcs11:token=x'), pin);
  checks.equal('a sealed PIN opens', keys.open(sealed, 'pkcs11:token=x'), pin);
  checks.throws('a sealed PIN opens once', () => keys.open(sealed, 'pkcs11:token=x'));
  const other = await sealPin(keys.create('pkcs11:token=x'), pin);
  const tampered = bytes(other.ciphertext);
  tampered.writeUInt8(tampered.readUInt8(0) ^ 1, 0);
  const changed = { ...other, ciphertext: tampered.toString('base64') };
  checks.throws('a changed sealed PIN is refused', () => keys.open(changed, 'pkcs11:token=x'));
}

function checkCertificates(checks: Checks, vectors: Vectors): void {
  const root = parseCertificate(bytes(vectors.root));
  for (const [name, text] of Object.entries(vectors.certificates)) {
    const der = bytes(text);
    const x509 = new X509Certificate(der);
    const parsed = parseCertificate(der);
    const about = `certificate ${name}`;
    checks.ok(`${about} is signed by its issuer`, isSignedBy(parsed, root));
    checks.ok(`${about} verifies in X509Certificate`, x509.verify(new X509Certificate(root.der).publicKey));
    checks.equal(`${about}: names`, summarizeCertificate(der).organization, 'UBND xã Thử Nghiệm');
    checks.equal(
      `${about}: fingerprint`,
      summarizeCertificate(der).fingerprint,
      x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    );
    checks.equal(`${about}: size`, publicKeyShape(der)?.bits, Number(name.split('-')[1]));
    const broken = Buffer.from(der);
    broken.writeUInt8(broken.readUInt8(broken.length - 1) ^ 1, broken.length - 1);
    checks.ok(
      `${about} with a changed signature is not accepted`,
      !isSignedBy(parseCertificate(broken), root),
    );
  }
}

function checkSignatures(checks: Checks, vectors: Vectors): void {
  for (const { key, scheme, digestAlgorithm, signature } of vectors.signatures) {
    const { publicKey } = new X509Certificate(bytes(vectors.certificates[key]));
    const holds = (data: Uint8Array): boolean =>
      verify(digestAlgorithm, data, keyFor(publicKey, scheme, digestAlgorithm), bytes(signature));
    checks.ok(`signature ${key} ${scheme} ${digestAlgorithm}`, holds(message));
    checks.ok(
      `signature ${key} ${scheme} ${digestAlgorithm} over other bytes is refused`,
      !holds(Buffer.from('x')),
    );
  }
}

function checkCms(checks: Checks, vectors: Vectors): void {
  for (const { name, digest, cms } of vectors.cms) {
    const data = parseSignedData(bytes(cms), 'none');
    const kind = (contentDigest: Uint8Array): string => checkSigner(data, oids.data, contentDigest, []).kind;
    checks.equal(`CMS ${name}`, kind(bytes(digest)), 'intact');
    const other = bytes(digest);
    other.writeUInt8(other.readUInt8(0) ^ 1, 0);
    checks.equal(`CMS ${name} over another digest`, kind(other), 'hash-differs');
    const broken = bytes(cms);
    broken.writeUInt8(broken.readUInt8(broken.length - 1) ^ 1, broken.length - 1);
    const verdict = checkSigner(parseSignedData(broken, 'none'), oids.data, bytes(digest), []).kind;
    checks.equal(`CMS ${name} with a changed value`, verdict, 'value-wrong');
  }
}

async function checkSoftTokens(checks: Checks, vectors: Vectors, folder: string): Promise<void> {
  for (const [i, { file, password, certificate }] of vectors.pkcs12.entries()) {
    const path = join(folder, `${vectors.engine}-${i}.p12`);
    writeFileSync(path, bytes(file));
    const uri = pathToFileURL(path).href;
    const backend = new SoftTokenBackend([path]);
    const unlock = (pin: string) =>
      backend.unlock({ uri, openPin: () => pin, lastTry: 'refuse', token: null, failedTries: 0 });
    await checks.rejects(`PKCS#12 ${i} with a wrong password`, unlock('sai'), 'token.pin-incorrect');
    await unlock(password);
    const key = await backend.describe(uri);
    checks.ok(`PKCS#12 ${i}: certificate`, bytes(certificate).equals(key.certificate));
    const { publicKey } = new X509Certificate(key.certificate);
    for (const scheme of ['rsa-pkcs1', 'rsa-pss'] as const)
      for (const digestAlgorithm of ['sha256', 'sha384', 'sha512'] as const) {
        const digest = createHash(digestAlgorithm).update(message).digest();
        const { signature } = await backend.sign(uri, { scheme, digestAlgorithm, digest });
        const holds = verify(digestAlgorithm, message, keyFor(publicKey, scheme, digestAlgorithm), signature);
        checks.ok(`PKCS#12 ${i} signs ${scheme} ${digestAlgorithm}`, holds);
      }
  }
}

async function checkSignedPdf(checks: Checks, vectors: Vectors, folder: string): Promise<void> {
  const pdf = bytes(vectors.signedPdf);
  const valid = 'valid, integrity true, coverage whole-file';
  checks.equal('signed PDF', await verdictOn(folder, pdf, bytes(vectors.root)), valid);
  const page = pdf.indexOf('/MediaBox');
  const changed = Buffer.from(pdf);
  changed.writeUInt8(changed.readUInt8(page + 1) ^ 0x20, page + 1);
  const verdict = await verdictOn(folder, changed, bytes(vectors.root));
  checks.ok(`changed PDF: ${verdict}`, page > 0 && verdict.startsWith('invalid'));
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'string' } },
  });
  const [first] = positionals;
  const engine = process.versions['bun']
    ? `BoringSSL ${process.versions['boringssl']?.slice(0, 8) ?? 'missing'} (bun ${process.versions['bun']})`
    : `OpenSSL ${process.versions.openssl} (Node)`;
  const foreign = first ? vectorsSchema.parse(JSON.parse(readFileSync(first, 'utf8'))) : undefined;
  const checks = new Checks();
  const folder = mkdtempSync(join(tmpdir(), 'an-thu-vectors-'));
  try {
    const own = await makeVectors(engine, folder);
    if (values.write) writeFileSync(values.write, JSON.stringify(own));
    checkHashes(checks);
    await checkPinSealing(checks);
    for (const vectors of foreign ? [own, foreign] : [own]) {
      checks.within(`made by ${vectors.engine}`);
      checkCertificates(checks, vectors);
      checkSignatures(checks, vectors);
      checkCms(checks, vectors);
      await checkSoftTokens(checks, vectors, folder);
      await checkSignedPdf(checks, vectors, folder);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`${engine}: ${checks.passed} passed, ${checks.failures.length} failed`);
  for (const failure of checks.failures) console.error(`  ${failure}`);
  if (checks.failures.length > 0) process.exitCode = 1;
}

await main();
