import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { asAnThuError, toErrorValue } from '../../core/shared/errors.ts';
import { assertMaySign } from '../../core/signing/signer-certificate.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { memoryKey } from '../verification/signed-files.ts';
import { createPrivateKey } from 'node:crypto';

/**
 * One attempt to sign a file in a process of its own, as the command line does it: says whether the token was asked, what came
 * of it, and what it took. A process a file, since what is measured is the process's largest memory.
 */
const requestSchema = z.object({
  inputPath: z.string(),
  outputPath: z.string(),
  /** DER, base64. */
  certificate: z.string(),
  chain: z.array(z.string()),
  keyPem: z.string(),
});
const request = requestSchema.parse(JSON.parse(readFileSync(0, 'utf8')));
const der = (text: string): Uint8Array => Buffer.from(text, 'base64');

let asked = false;
const memory = memoryKey(
  { certificate: der(request.certificate), key: createPrivateKey(request.keyPem) },
  request.chain.map(der),
);
const key: SigningKey = {
  ...memory,
  sign: (wanted) => {
    asked = true;
    return memory.sign(wanted);
  },
};

const started = performance.now();
let code = 'signed';
let message = '';
try {
  const gated = Promise.resolve().then(() => {
    assertMaySign(key.certificate, new Date());
    return key;
  });
  gated.catch(() => undefined);
  const { inputPath, outputPath } = request;
  const signingTime = new Date().toISOString();
  await signPdf({ inputPath, outputPath, key: gated, level: 'B-B', signingTime, concerns: 'told' });
} catch (thrown) {
  ({ code, message } = toErrorValue(asAnThuError(thrown)));
}
const ms = Math.round(performance.now() - started);
const maxRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ code, message, asked, ms, maxRssMb }));
