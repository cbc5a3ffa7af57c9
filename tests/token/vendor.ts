import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Token } from '../../core/contract/token.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { asAnThuError } from '../../core/shared/errors.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import type { TestPki } from '../lib/test-keys.ts';
import { unlock } from './harness.ts';

/** A maker's module with a token on which a test has put a key and its certificate. */
export interface Vendor {
  readonly modulePath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly pin: string;
  /** Common name of the certificate to sign with. */
  readonly commonName: string;
}

export interface VendorResult {
  readonly token: Pick<Token, 'label' | 'manufacturer' | 'pinState'>;
  readonly wrongPin: string;
  readonly output: string;
  /** Schemes that the token signed with; the file has a signature of each. */
  readonly signed: readonly string[];
  /** Schemes that it refused, with our code. */
  readonly refused: Readonly<Record<string, string>>;
}

/**
 * What a clerk does with any token, through the real token host: list without a PIN, one wrong PIN, the right one, a signed letter.
 * `issuing` is the certificate that the office's trust list adds to the chain.
 */
export async function useVendor(vendor: Vendor, folder: string, issuing: Uint8Array): Promise<VendorResult> {
  const { modulePath: path, env, pin, commonName } = vendor;
  const tokens = createTokenService({
    spawner: createNodeSpawner(),
    modules: [{ path, env }],
    softTokens: [],
  });
  try {
    const { token, uri } = await find(tokens, commonName);
    const wrongPin = await unlock(tokens, uri, `${pin.slice(0, -1)}0`).then(
      () => 'accepted',
      (error: { code?: string }) => error.code ?? String(error),
    );
    await unlock(tokens, uri, pin);
    const key = { ...(await tokens.key(uri)), chain: [issuing] };
    const input = join(folder, 'letter.pdf');
    writeFileSync(input, rawPdf({ objects: onePageObjects() }));
    const schemes = key.keyType === 'ec' ? (['ecdsa'] as const) : (['rsa-pss', 'rsa-pkcs1'] as const);
    let output = input;
    const signed: string[] = [];
    const refused: Record<string, string> = {};
    for (const scheme of schemes) {
      const next = join(folder, `signed-${scheme}.pdf`);
      const signingTime = '2026-11-20T15:04:05+07:00';
      try {
        await signPdf({ inputPath: output, outputPath: next, key, level: 'B-B', scheme, signingTime });
        signed.push(scheme);
        output = next;
      } catch (thrown) {
        refused[scheme] = asAnThuError(thrown).code;
      }
    }
    const { label, manufacturer, pinState } = token;
    return { token: { label, manufacturer, pinState }, wrongPin, output, signed, refused };
  } finally {
    tokens.close();
  }
}

async function find(tokens: TokenService, commonName: string): Promise<{ token: Token; uri: string }> {
  const modules = await tokens.list();
  for (const token of modules.flatMap((module) => module.tokens))
    for (const key of token.keys)
      if (key.certificate?.commonName === commonName) return { token, uri: key.uri };
  throw new Error(`no token shows ${commonName}: ${JSON.stringify(modules)}`);
}

/** Runs pkcs11-tool on a module, as an administrator would. */
export function pkcs11Tool(vendor: Pick<Vendor, 'modulePath' | 'env'>, ...args: readonly string[]): string {
  return execFileSync('pkcs11-tool', ['--module', vendor.modulePath, ...args], {
    env: { ...process.env, ...vendor.env },
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** Key and certificate of the PKI as files that pkcs11-tool and others import. */
export function keyFiles(
  pki: TestPki,
  commonName: string,
): { key: string; certificate: string; p12: string } {
  const { certificate } = pki.key('rsa-2048', commonName);
  const at = (ending: string): string => join(pki.dir, `${commonName}.${ending}`);
  writeFileSync(at('der'), certificate);
  execFileSync('openssl', ['pkcs12', '-export', '-inkey', at('key'), '-in', at('pem'), '-name', commonName,
    '-passout', 'pass:p12', '-out', at('p12')]); // prettier-ignore
  execFileSync('openssl', [
    'pkcs8',
    '-topk8',
    '-nocrypt',
    '-outform',
    'DER',
    '-in',
    at('key'),
    '-out',
    at('p8'),
  ]);
  execFileSync('openssl', ['rsa', '-in', at('key'), '-outform', 'DER', '-traditional', '-out', at('rsa')], {
    stdio: 'pipe',
  });
  return { key: at('rsa'), certificate: at('der'), p12: at('p12') };
}

/** The issuing certificate of the PKI, DER. */
export function issuingOf(pki: TestPki): Uint8Array {
  const pem = readFileSync(pki.issuingPem, 'utf8');
  const body = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem)?.[1] ?? '';
  return Uint8Array.from(Buffer.from(body, 'base64'));
}
