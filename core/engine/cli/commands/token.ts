import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import { AnThuError } from '../../../shared/errors.ts';
import { parseCommand, text, usage } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';
import { pinOptions, readPin, sealedPin } from '../pin.ts';
import { tokensNamedByUri } from '../tokens.ts';

/** `an-thu token list | test --key URI` (design/cli.md). */
export async function tokenCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  if (verb === 'list') return listTokens(rest);
  if (verb === 'test') return testToken(rest);
  throw usage('token list | test');
}

async function listTokens(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, {});
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const result = await engine.call('token.list', {});
    const lines = result.modules.flatMap((module) => [
      `${module.kind === 'soft' ? 'Khóa mềm (không dùng chính thức)' : 'PKCS#11'}: ${module.path}${module.error ? ` – ${module.error.message}` : ''}`,
      ...module.tokens.flatMap((token) => [
        `  ${token.label} · số sê-ri ${token.serial} · PIN: ${token.pinState}`,
        ...token.keys.map((key) => `    ${key.certificate?.commonName ?? key.label} · ${key.uri}`),
      ]),
    ]);
    return { json: result, text: lines, status: result.modules.some((module) => module.error) ? 1 : 0 };
  });
}

/** One signature, checked with the certificate's public key. */
async function testToken(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, { key: { type: 'string' }, ...pinOptions });
  const keyUri = text(args, 'key');
  if (keyUri === undefined) throw usage('thiếu --key');
  const tokens = tokensNamedByUri();
  try {
    const started = performance.now();
    await tokens.unlock(keyUri, await sealedPin(await readPin(args), () => tokens.pinKey(keyUri)));
    const key = await tokens.key(keyUri);
    const data = randomBytes(64);
    const scheme = key.keyType === 'rsa' ? 'rsa-pkcs1' : 'ecdsa';
    const digest = createHash('sha256').update(data).digest();
    const signature = await key.sign({ scheme, digestAlgorithm: 'sha256', digest });
    const certificate = new X509Certificate(key.certificate);
    if (!verify('sha256', data, certificate.publicKey, signature))
      throw new AnThuError('signing.bad-signature');
    const ms = Math.round(performance.now() - started);
    return {
      json: { ok: true, key: key.uri, keyType: key.keyType, bits: key.bits, ms },
      text: [`Ký thử thành công: ${key.label} (${key.keyType.toUpperCase()} ${key.bits}), ${ms} ms`],
      status: 0,
    };
  } finally {
    tokens.close();
  }
}
