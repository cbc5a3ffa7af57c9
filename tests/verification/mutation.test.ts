import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Asn1Error } from '../../core/asn1/der.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../core/pdf/objects.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { findListEntry, parseCertificateList } from '../../core/trust/certificate-list.ts';
import { answerFor, parseOcspResponse } from '../../core/trust/ocsp-message.ts';
import { encodeOcspRequest } from '../../core/trust/ocsp-message.ts';
import { parseSignedData } from '../../core/verification/cms.ts';
import { parseTimestampToken } from '../../core/verification/timestamp-token.ts';
import { buildCrl } from '../../scripts/pki/certificate-builder.ts';
import { startDemoOcsp } from '../../scripts/pki/index.ts';
import { formBytes } from './certified-files.ts';
import { appendUpdate, openWorkshop, timestampToken, type Workshop } from './signed-files.ts';

// Any change inside a range, and any unlisted change after it, is never PASSED. Seeded and short here;
// AN_THU_MUTANTS=100000 AN_THU_SEED=7 npx vitest run tests/verification/mutation.test.ts runs long.

const mutants = Number(process.env['AN_THU_MUTANTS'] ?? 300);
const seed = Number(process.env['AN_THU_SEED'] ?? 20_261_121);

/** Reproducible numbers from 0 up to, not including, `limit` (mulberry32). */
function dice(start: number): (limit: number) => number {
  let state = start >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

let shop: Workshop;
let files: { readonly bytes: Buffer; readonly path: string; readonly gap: readonly [number, number] }[];

beforeAll(async () => {
  shop = await openWorkshop();
  const form = await shop.write('form.pdf', formBytes());
  const paths = [await shop.sign(shop.letter, 'a.pdf'), await shop.sign(form, 'b.pdf')];
  files = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path);
      const match = /\/ByteRange\s*\[0 (\d+) (\d+) \d+\s*\]/.exec(bytes.toString('latin1'));
      return { bytes, path, gap: [Number(match?.[1]), Number(match?.[2])] as const };
    }),
  );
});

afterAll(() => shop.close());

type File = (typeof files)[number];
type Mutation = (file: File, roll: (limit: number) => number) => Buffer | Promise<Buffer>;

function placeInRange({ bytes, gap: [from, to] }: File, roll: (limit: number) => number): number {
  const place = roll(bytes.length - (to - from));
  return place < from ? place : place + (to - from);
}

const space = new Set([0, 9, 10, 12, 13, 32]);

const mutations: Readonly<Record<string, Mutation>> = {
  'a bit turned': (file, roll) => {
    const copy = Buffer.from(file.bytes);
    const place = placeInRange(file, roll);
    copy[place] = (copy[place] ?? 0) ^ (1 << roll(8));
    return copy;
  },
  'a byte put in': (file, roll) => {
    const place = placeInRange(file, roll);
    return Buffer.concat([
      file.bytes.subarray(0, place),
      Buffer.from([roll(256)]),
      file.bytes.subarray(place),
    ]);
  },
  'a byte taken out': (file, roll) => {
    const place = placeInRange(file, roll);
    return Buffer.concat([file.bytes.subarray(0, place), file.bytes.subarray(place + 1)]);
  },
  'the end cut off': (file, roll) => file.bytes.subarray(0, file.bytes.length - 2 - roll(500)),
  'bytes appended': (file, roll) => {
    const tail = Buffer.from(Array.from({ length: 1 + roll(40) }, () => roll(256)));
    if (tail.every((byte) => space.has(byte))) tail[0] = 0x41;
    return Buffer.concat([file.bytes, tail]);
  },
  'an object appended that no section lists': (file, roll) =>
    Buffer.concat([file.bytes, Buffer.from(`\n${1 + roll(13)} 0 obj\n<< /X ${roll(999)} >>\nendobj\n`)]),
  'an object redefined': async (file, roll) =>
    await appendUpdate(file.path, (update, pdf) => {
      const num = 3 + roll(3);
      const old = pdf.load(num);
      const strange: PdfObject[] = [null, 7, new PdfDict({ X: roll(999) }), [new PdfName('X')]];
      const changed =
        old instanceof PdfStream
          ? new PdfStream(old.dict.with({ Length: undefined }), { bytes: Buffer.from(`% ${roll(9999)}`) })
          : old instanceof PdfDict
            ? old.with({ [`X${roll(99)}`]: roll(999) })
            : 7;
      update.put(new PdfRef(num), roll(2) === 0 ? changed : (strange[roll(4)] ?? null));
    }),
};

it(`none of ${mutants} mutants is passed`, { timeout: 3_600_000 }, async () => {
  const roll = dice(seed);
  const kinds = Object.entries(mutations);
  const counts = new Map<string, number>();
  for (let index = 0; index < mutants; index++) {
    const file = files[index % files.length];
    const [name, mutate] = kinds[roll(kinds.length)] ?? [];
    if (!file || !name || !mutate) throw new Error('no mutation');
    const mutant = await mutate(file, roll);
    if (mutant.equals(file.bytes)) continue;
    const report = await shop.verify(await shop.write('mutant.pdf', mutant));
    const told = `${name}, seed ${seed}, mutant ${index}`;
    expect(report.verdict, told).not.toBe('valid');
    expect(
      report.signatures.filter(({ indication }) => indication === 'TOTAL_PASSED'),
      told,
    ).toEqual([]);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect(counts.size).toBe(kinds.length);
});

it('the files themselves are valid', async () => {
  for (const { path } of files) expect((await shop.verify(path)).verdict).toBe('valid');
});

it('mutated CMS, tokens, answers and lists are read or refused, and nothing else happens', async () => {
  const roll = dice(seed + 1);
  const { issuing, root } = shop.pki;
  const issuer = parseCertificate(root.certificate);
  const certificate = parseCertificate(issuing.certificate);
  const ocsp = await startDemoOcsp(shop.pki);
  const request = Uint8Array.from(encodeOcspRequest(certificate, issuer, Uint8Array.of(1)));
  const answer = await fetch(shop.pki.ocspUrl, { method: 'POST', body: request });
  const response = new Uint8Array(await answer.arrayBuffer());
  await ocsp.close();
  const token = timestampToken(shop.pki, Buffer.alloc(32), new Date());
  const list = buildCrl({
    issuer: root.name,
    issuerKey: root.key,
    thisUpdate: new Date(),
    nextUpdate: new Date(Date.now() + 1000),
    number: 1,
    revoked: [{ serial: certificate.serial, at: new Date() }],
  });
  const readers: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
    [token, (bytes) => parseSignedData(bytes, 'zeros')],
    [token, (bytes) => parseTimestampToken(bytes, 'none')],
    [response, (bytes) => answerFor(parseOcspResponse(bytes), { certificate, issuer })],
    [
      list,
      (bytes) => {
        const parsed = parseCertificateList(bytes);
        return findListEntry(parsed, certificate.serialBytes, parsed.issuer);
      },
    ],
    [issuing.certificate, parseCertificate],
  ];
  for (let index = 0; index < mutants * 5; index++) {
    const [bytes, read] = readers[index % readers.length] ?? [];
    if (!bytes || !read) throw new Error('no reader');
    let mutant = Uint8Array.from(bytes);
    for (let times = 1 + roll(3); times > 0; times--) mutant[roll(mutant.length)] = roll(256);
    if (roll(4) === 0) mutant = mutant.subarray(0, roll(mutant.length));
    try {
      read(mutant);
    } catch (error) {
      if (!(error instanceof Asn1Error)) throw error;
    }
  }
});
