import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Asn1Error } from '../../core/asn1/der.ts';
import { bufferSource } from '../../core/pdf/byte-source.ts';
import { PdfDocument } from '../../core/pdf/document.ts';
import { walkFormFields } from '../../core/pdf/form-fields.ts';
import { defaultPdfLimits } from '../../core/pdf/limits.ts';
import { PdfStream } from '../../core/pdf/objects.ts';
import { walkPages } from '../../core/pdf/pages.ts';
import { listRevisions } from '../../core/pdf/revisions.ts';
import { readSignatureFields } from '../../core/pdf/signature-fields.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { timesMetricFont } from '../../core/shared/times-metric-font.ts';
import { findListEntry, parseCertificateList } from '../../core/trust/certificate-list.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { answerFor, encodeOcspRequest, parseOcspResponse } from '../../core/trust/ocsp-message.ts';
import { buildPath } from '../../core/trust/path.ts';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { readCodeMap } from '../../core/verification/appearance/code-map.ts';
import { CompactFont } from '../../core/verification/appearance/compact-font.ts';
import { TrueTypeFont } from '../../core/verification/appearance/true-type.ts';
import { inspectBeforeSigning } from '../../core/verification/before-signing.ts';
import { parseSignedData } from '../../core/verification/cms.ts';
import { findUnsoundObject } from '../../core/verification/sound-structure.ts';
import { parseTimestampToken } from '../../core/verification/timestamp-token.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { buildCrl } from '../../scripts/pki/certificate-builder.ts';
import { startDemoOcsp } from '../../scripts/pki/index.ts';
import { timestampToken } from '../verification/signed-files.ts';
import { diceOf, oneOf, type Dice } from './dice.ts';
import { mutateBytes, mutateDer } from './der-mutants.ts';
import { mutatePdf } from './pdf-mutants.ts';
import type { FuzzCounts } from './run-signed.ts';
import type { FuzzShop } from './subjects.ts';

/** A reader with what it usually reads. */
interface Reader {
  readonly name: string;
  readonly sample: Uint8Array;
  readonly mutate: (bytes: Buffer, roll: Dice) => Uint8Array;
  readonly read: (bytes: Uint8Array) => unknown;
}

/** No reader may need longer for one mutant, on a machine that does other things too. */
const slowestMs = 10_000;

/** All readers of outside bytes that verification has. */
export async function openReaders({ shop, subjects }: FuzzShop): Promise<Reader[]> {
  const { issuing, root } = shop.pki;
  const issuer = parseCertificate(root.certificate);
  const certificate = parseCertificate(issuing.certificate);
  const anchor = trustAnchor(issuer, 'signature');
  const ocsp = await startDemoOcsp(shop.pki);
  const request = Uint8Array.from(encodeOcspRequest(certificate, issuer, Uint8Array.of(1)));
  const answer = await fetch(shop.pki.ocspUrl, { method: 'POST', body: request });
  const response = new Uint8Array(await answer.arrayBuffer());
  await ocsp.close();
  const token = timestampToken(shop.pki, Buffer.alloc(32), new Date());
  const revoked = Array.from({ length: 50 }, (_, index) => ({
    serial: `4${String(index).padStart(5, '0')}`,
    at: new Date(),
  }));
  const list = buildCrl({
    issuer: root.name, issuerKey: root.key, thisUpdate: new Date(), nextUpdate: new Date(Date.now() + 1000), number: 1, revoked,
  }); // prettier-ignore
  const [subject] = subjects;
  const [range] = subject?.ranges ?? [];
  if (!subject || !range) throw new Error('no subject');
  const [from, to] = range.gap;
  const cms = Buffer.from(subject.bytes.subarray(from + 1, to - 1).toString('latin1'), 'hex');
  const der = (bytes: Buffer, roll: Dice): Uint8Array =>
    roll(3) === 0 ? mutateBytes(bytes, roll) : mutateDer(bytes, roll);
  const map = Buffer.from(
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <0031> <0002> <0032> endbfchar 1 beginbfrange <0010> <0020> <0041> endbfrange endcmap end end',
  );
  const font = timesMetricFont('regular');
  const compact = readFileSync(
    createRequire(import.meta.url).resolve('pdfjs-dist/standard_fonts/FoxitSerif.pfb'),
  );
  return [
    { name: 'CMS', sample: cms, mutate: der, read: (bytes) => parseSignedData(bytes, 'zeros') },
    { name: 'TSP', sample: token, mutate: der, read: (bytes) => parseTimestampToken(bytes, 'none') },
    { name: 'OCSP', sample: response, mutate: der, read: (bytes) => answerFor(parseOcspResponse(bytes), { certificate, issuer }) },
    { name: 'CRL', sample: list, mutate: der, read: (bytes) => {
      const parsed = parseCertificateList(bytes);
      return findListEntry(parsed, certificate.serialBytes, parsed.issuer);
    } },
    { name: 'certificate', sample: issuing.certificate, mutate: der, read: (bytes) => {
      const parsed = parseCertificate(bytes);
      return buildPath(parsed, [certificate], [anchor], { at: new Date(), purpose: 'signature' });
    } },
    { name: 'character map', sample: map, mutate: mutatePdf, read: (bytes) => readCodeMap(bytes, defaultPdfLimits) },
    { name: 'TrueType', sample: font, mutate: mutateBytes, read: readFont },
    { name: 'CFF', sample: compact, mutate: mutateBytes, read: readCompactFont },
    ...subjects.map(({ name, bytes }): Reader => ({ name: `PDF: ${name}`, sample: bytes, mutate: mutatePdf, read: readPdf })),
  ]; // prettier-ignore
}

function readFont(bytes: Uint8Array): void {
  const font = new TrueTypeFont(bytes);
  font.characters();
  for (const glyph of [0, 3, 36, 100, 1000, 3000]) font.shape(glyph);
}

function readCompactFont(bytes: Uint8Array): void {
  const font = new CompactFont(bytes);
  font.glyphNamed('one');
  for (const glyph of [0, 3, 17, 36, 100, 200]) font.shape(glyph);
}

/** Everything that reads a PDF's structure. */
function readPdf(bytes: Uint8Array): void {
  const pdf = new PdfDocument(bufferSource(bytes), defaultPdfLimits, '');
  const readings: (() => unknown)[] = [
    () => readSignatureFields(pdf),
    () => [...walkPages(pdf)].length,
    () => [...walkFormFields(pdf)].length,
    () => findUnsoundObject(pdf),
    () => listRevisions(pdf),
    () => inspectBeforeSigning(pdf),
    () => {
      for (let num = 1; num < 40; num++) {
        const object = pdf.load(num);
        if (object instanceof PdfStream) pdf.decodeStream(object);
      }
    },
  ];
  for (const read of readings)
    try {
      read();
    } catch (error) {
      if (!(error instanceof AnThuError)) throw error;
    }
}

/** Errors by which a reader says no; a font's reader may also run over the end of its bytes. */
const isRefusal = (error: unknown, name: string): boolean =>
  error instanceof Asn1Error ||
  error instanceof AnThuError ||
  ((name === 'TrueType' || name === 'CFF') && error instanceof RangeError);

/** Reads mutants `from` to `to` of a seed: each is read or refused with one of our own errors, in time. */
export async function runStructure(
  fuzz: FuzzShop,
  readers: readonly Reader[],
  seed: number,
  [from, to]: readonly [number, number],
): Promise<FuzzCounts> {
  const counts: FuzzCounts = { tried: {}, findings: [] };
  for (let mutant = from; mutant < to; mutant++) {
    const roll = diceOf(seed + 1, mutant);
    const reader = oneOf(roll, readers);
    const bytes = reader.mutate(Buffer.from(reader.sample), roll);
    const kind = reader.name.replace(/:.*/, '');
    counts.tried[kind] = (counts.tried[kind] ?? 0) + 1;
    const started = performance.now();
    try {
      reader.read(bytes);
      // Every tenth PDF goes the whole way.
      if (kind === 'PDF' && mutant % 10 === 0)
        await verifyPdf(await fuzz.shop.write(`structure-${seed % 1000}.pdf`, bytes), {
          anchors: [], tsaAnchors: [], extraCertificates: [], now: new Date(), revocation: 'skip',
        }); // prettier-ignore
    } catch (error) {
      if (!isRefusal(error, reader.name))
        counts.findings.push({
          mutant,
          what: `${reader.name}: ${error instanceof Error ? `${error.name} ${error.message}` : String(error)}`,
        });
    }
    const took = performance.now() - started;
    if (took > slowestMs)
      counts.findings.push({ mutant, what: `${reader.name}: took ${Math.round(took)} ms` });
  }
  return counts;
}
