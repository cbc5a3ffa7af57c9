import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SignatureReport } from '../../core/contract/verification.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import type { CorpusCounts } from './main.ts';

/** What one signature of a public file must be called: verdict, whether its bytes hold, what came later. */
type Expected = readonly [
  verdict: `${SignatureReport['indication']}/${NonNullable<SignatureReport['subIndication']>}`,
  integrity: SignatureReport['integrity'],
  later: SignatureReport['later'],
];

interface SignedFile {
  readonly signatures: readonly Expected[];
  /** Why this is right, and where another judge says otherwise. */
  readonly reason: string;
}

// No anchor is given: the best that a public file can be is "intact, authority unknown".
const stranger = 'INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND';
const whole: Expected = [stranger, true, 'none'];
const signedAgain: Expected = [stranger, true, 'permitted'];
const malformed = 'TOTAL_FAILED/FORMAT_FAILURE';
const unsupported: Expected = ['INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE', null, 'none'];

/** Every signed file of the public sets. Names are those of the sets. */
const expectations: Readonly<Record<string, SignedFile>> = {
  'pdfjs/poppler-395-0-fuzzed.pdf': {
    signatures: [[malformed, null, 'forbidden']],
    reason: 'fuzzed: the ranges lie beyond what /Contents leaves out',
  },
  'pdfjs/signed_verified.pdf': {
    signatures: [[malformed, null, 'none']],
    reason: 'the SignedData lists SHA-1, its signer used SHA-256: RFC 5652 lets verifiers refuse that, and OpenSSL and pdfsig do',
  },
  'pyhanko/certified-with-indirect-refs-in-dir.pdf': {
    signatures: [whole],
    reason: 'references inside the signature dictionary are lawful, but for /ByteRange and /Contents',
  },
  'pyhanko/ed448-disallowed-hash.pdf': { signatures: [unsupported], reason: 'Ed448 with SHA-512 is forbidden (RFC 8419)' },
  'pyhanko/ed448-shake256-nolen.pdf': { signatures: [whole], reason: 'Ed448 holds by its numbers; nobody known issued the certificate, which comes before Ed448 being in no list for official signatures' },
  'pyhanko/extensions-indirect.pdf': { signatures: [signedAgain, whole], reason: 'a second signature, by Ed25519, with /Extensions' },
  'pyhanko/extensions-update-direct.pdf': { signatures: [signedAgain, whole], reason: 'the same, /Extensions changed' },
  'pyhanko/form-update-ap-indirect-sneaky-trailer.pdf': {
    signatures: [signedAgain, whole],
    reason: 'pyHanko calls the first one changed because an unread trailer key leads to the look as well; that object did not change, and nothing shows it',
  },
  'pyhanko/form-update-original-ap-type-wrong.pdf': { signatures: [signedAgain, whole], reason: 'a senseless /AP of an empty signature field gives way when it is signed' },
  'pyhanko/form-update-override-appearance-stream-ap-indirect.pdf': {
    signatures: [signedAgain, whole],
    reason: 'the look of an empty signature field, used by nothing else, is rewritten in place when the field is signed',
  },
  'pyhanko/minimal-signed-twice-both-created.pdf': { signatures: [signedAgain, whole], reason: 'two signatures with timestamps of a stranger' },
  'pyhanko/minimal-signed-twice-second-created.pdf': { signatures: [signedAgain, whole], reason: 'the same, one field prepared' },
  'pyhanko/one-byterange.pdf': { signatures: [[malformed, null, 'forbidden']], reason: 'one range of two numbers' },
  'pyhanko/pades-lta-dss-indirect-arrs-test.pdf': {
    signatures: [signedAgain, signedAgain],
    reason: 'a security store with indirect arrays, a document timestamp, and another store behind it',
  },
  'pyhanko/pdf-sig-with-econtent.pdf': { signatures: [[malformed, null, 'none']], reason: 'content inside a detached signature' },
  'pyhanko/separate-annots-kids-indir.pdf': { signatures: [signedAgain, whole], reason: 'fields with widgets of their own' },
  'pyhanko/signature-gap-too-big.pdf': { signatures: [[malformed, null, 'forbidden']], reason: 'the gap is larger than /Contents' },
  'pyhanko/tail-uncovered.pdf': { signatures: [[malformed, true, 'forbidden']], reason: 'bytes behind the signed revision that no update explains' },
}; // prettier-ignore

/** Verifies the signed files of the public sets against {@link expectations}; a signed file that is not listed fails. */
export async function checkSigned(folder: string): Promise<CorpusCounts> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.pdf$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
  let passed = 0;
  const complaints = Object.keys(expectations)
    .filter((name) => !names.includes(name))
    .map((name) => `${name} is not there`);
  for (const name of names) {
    const { signatures } = await verifyPdf(join(folder, name), {
      anchors: [],
      tsaAnchors: [],
      extraCertificates: [],
      now: new Date('2026-11-22T00:00:00Z'),
    });
    const found = signatures.map(
      ({ indication, subIndication, integrity, later }) =>
        `${indication}/${subIndication} ${integrity} ${later}`,
    );
    const expected = (expectations[name]?.signatures ?? []).map((parts) => parts.map(String).join(' '));
    // Nothing of ours is in these files, so that nothing may pass.
    if (found.join() !== expected.join())
      complaints.push(`${name}: ${found.join(' | ')}; expected ${expected.join(' | ')}`);
    else if (expected.length > 0) passed++;
  }
  process.stdout.write(`signed public files: ${passed} as expected, ${complaints.length} not\n`);
  for (const complaint of complaints) process.stdout.write(`  ${complaint}\n`);
  return { passed, failed: complaints.length };
}
