import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../core/pdf/objects.ts';
import { withPdf, type PdfDocument } from '../../core/pdf/document.ts';
import { PrintedDocument } from '../../core/print/printed-document.ts';
import { TableWriter } from '../../core/print/table-writer.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { extendPdf } from '../../core/signing/extend-pdf.ts';
import type { SignatureAppearance } from '../../core/signing/appearance/look-schema.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { compileJava } from '../lib/java.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { makeTestPki } from '../lib/test-keys.ts';
import { startTestTsa, type TestTsa } from '../lib/test-tsa.ts';
import { handwritingPng, sealPng } from './pictures.ts';

/**
 * PDF/A kept PDF/A. Part 1: PDFBox Preflight validates the whole file against PDF/A-1b, before and after. Parts 2 and 3, for
 * which no validator is to be had here: what an update could break is looked at in every object it adds.
 */
let dir: string;
let key: SigningKey;
let tsa: TestTsa;
const path = (name: string): string => join(dir, `${name}.pdf`);
const agencyName = 'Ủy ban nhân dân xã Hòa Thịnh';

const date = '2026-11-20T08:00:00+07:00';
const xmp = (part: number): string => `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>${part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>${date}</xmp:CreateDate><xmp:ModifyDate>${date}</xmp:ModifyDate></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;

async function writePdfa(name: string, part: number): Promise<void> {
  const blank = sharp({ create: { width: 4, height: 4, channels: 3, background: '#fff' } });
  const { icc } = await sharp(await blank.withIccProfile('srgb').png().toBuffer()).metadata();
  if (!icc) throw new Error('sharp has no sRGB profile');
  // PDF/A-1 wants a profile of version 2; the header's word is all that is looked at.
  icc.writeUInt16BE(0x0210, 8);
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog: `/Metadata 4 0 R /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB) /DestOutputProfile 5 0 R >>]`,
    page: '/Contents 6 0 R /Resources << >>',
  });
  const bytes = rawPdf({
    header: `%PDF-1.${part === 1 ? 4 : 7}\n%\u00e2\u00e3\u00cf\u00d3\n`,
    objects: [
      catalog,
      pages,
      page,
      rawStream('/Type /Metadata /Subtype /XML', Buffer.from(xmp(part), 'utf8')),
      rawStream('/N 3', icc),
      rawStream('', '0 0 1 RG 40 40 515 760 re S'),
      "<< /CreationDate (D:20261120080000+07'00') /ModDate (D:20261120080000+07'00') >>",
    ],
    trailer:
      '/Root 1 0 R /Info 7 0 R /ID [<000102030405060708090a0b0c0d0e0f> <000102030405060708090a0b0c0d0e0f>]',
  });
  await writeFile(path(name), bytes);
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-pdfa-'));
  const pki = makeTestPki(dir);
  key = pki.key('P-256');
  tsa = await startTestTsa(pki);
  await writeFile(join(dir, 'hand.png'), await handwritingPng());
  await writeFile(join(dir, 'seal.png'), await sealPng());
  for (const part of [1, 2, 3]) await writePdfa(`a${part}`, part);
});
afterAll(async () => {
  await tsa.close();
  await rm(dir, { recursive: true, force: true });
});

/**
 * What we print (books, sheets) claims PDF/A-2b, for which no validator is to be had here. But for the claim and the version it
 * is to hold what part 1 asks for, so that Preflight can judge it under that name.
 */
async function writePrinted(name: string): Promise<void> {
  const facts = { title: 'Sổ & <mẫu>', software: 'Ấn Thư', madeAt: new Date('2026-11-20T01:02:03Z') };
  const document = await PrintedDocument.open(facts);
  const table = new TableWriter(document, {
    columns: [{ head: 'Ngày đến', width: 40, align: 'left' }],
    running: ['Sổ', 'Ủy ban nhân dân xã Hòa Thịnh'],
    leastRow: 10,
    namedBy: 0,
  });
  table.row([{ text: 'Ủy ban nhân dân tỉnh đường thủy \u4e00', struck: true }]);
  table.end();
  const bytes = Buffer.from(await document.save()).toString('latin1');
  const asPartOne = bytes.replace('<pdfaid:part>2<', '<pdfaid:part>1<').replace('%PDF-1.7', '%PDF-1.4');
  await writeFile(path(name), Buffer.from(asPartOne, 'latin1'));
}

function looks(): Record<string, SignatureAppearance> {
  const place = { page: 1, rect: { x: 100, y: 200, w: 40, h: 40 } } as const;
  return {
    invisible: { kind: 'none' },
    scan: { kind: 'digitized-arrival', agencyName },
    copy: { kind: 'copy', copyForm: 'sao-y', agencyName },
    leader: { kind: 'leader', imagePath: join(dir, 'hand.png'), place },
    seal: { kind: 'agency-seal', imagePath: join(dir, 'seal.png'), place },
    stamp: { kind: 'arrival-stamp', stamp: { agencyName, number: '12' } },
  };
}

async function sign(input: string, output: string, appearance: SignatureAppearance): Promise<void> {
  await signPdf({
    inputPath: path(input),
    outputPath: path(output),
    key,
    level: 'B-B',
    signingTime: '2026-11-20T15:04:05+07:00',
    appearance,
  });
}

const opinionSchema = z.object({ path: z.string(), problems: z.array(z.string()) });

function preflight(names: readonly string[]): Map<string, string[]> {
  const program = compileJava('PdfaOpinion');
  try {
    const lines = program.run({ input: names.map(path).join('\n') }).split('\n');
    const opinions = lines
      .filter((line) => line.startsWith('{'))
      .map((line) => opinionSchema.parse(JSON.parse(line)));
    return new Map(names.map((name, index) => [name, opinions[index]?.problems ?? ['no answer']]));
  } finally {
    program.remove();
  }
}

test('PDF/A-1b stays PDF/A-1b for PDFBox Preflight, under every look, a second signature and a document timestamp', async () => {
  const names = Object.keys(looks());
  for (const [name, look] of Object.entries(looks())) await sign('a1', `a1-${name}`, look);
  await sign('a1-leader', 'a1-twice', looks()['scan'] ?? { kind: 'none' });
  await extendPdf({
    inputPath: path('a1-twice'),
    outputPath: path('a1-timestamp'),
    level: 'B-T',
    tsa: { url: tsa.url },
  });
  await writePrinted('printed');
  // What Preflight must not take: a signature's look that is hidden.
  const bytes = await readFile(path('a1-leader'));
  const hidden = bytes.toString('latin1').replaceAll('/F 132', '/F 130');
  await writeFile(path('a1-hidden'), Buffer.from(hidden, 'latin1'));
  const judged = preflight([
    'a1',
    ...names.map((name) => `a1-${name}`),
    'a1-twice',
    'a1-timestamp',
    'printed',
    'a1-hidden',
  ]);
  expect(judged.get('a1-hidden')).not.toEqual([]);
  judged.delete('a1-hidden');
  // What part 1 asks for and later parts leave open: a list of the glyphs in a subset.
  const printed = judged.get('printed')?.filter((problem) => !problem.includes('CIDSet entry is missing'));
  judged.set('printed', printed ?? ['no answer']);
  expect(Object.fromEntries([...judged].filter(([, problems]) => problems.length > 0))).toEqual({});
});

describe.each([2, 3])('PDF/A-%i', (part) => {
  test.each(['invisible', 'scan', 'copy', 'leader', 'seal', 'stamp'])(
    'keeps claim and intent, and gets nothing that its part forbids, under the look %s',
    async (name) => {
      const output = `a${part}-${name}`;
      await sign(`a${part}`, output, looks()[name] ?? { kind: 'none' });
      const first = withPdf(path(`a${part}`), (pdf) => pdf.firstFree);
      withPdf(path(output), (pdf) => {
        const catalog = pdf.catalog();
        const metadata = pdf.get(catalog, 'Metadata');
        expect(metadata instanceof PdfStream && Buffer.from(pdf.decodeStream(metadata)).toString()).toContain(
          `<pdfaid:part>${part}<`,
        );
        expect(pdf.get(catalog, 'OutputIntents')).toHaveLength(1);
        expect(pdf.trailer.get('ID')).toBeDefined();
        expect(pdf.trailer.get('Encrypt')).toBeUndefined();
        for (const object of addedObjects(pdf, first)) expectAllowed(pdf, object);
      });
    },
  );
});

function addedObjects(pdf: PdfDocument, first: number): PdfDict[] {
  const found: PdfDict[] = [];
  for (let num = 1; num < pdf.firstFree; num++) {
    const object = pdf.load(num);
    const dict = object instanceof PdfStream ? object.dict : object;
    const touched = num >= first || (dict instanceof PdfDict && nameOf(dict.get('Type')) === 'Page');
    if (touched && dict instanceof PdfDict) found.push(dict);
  }
  return found;
}

const nameOf = (object: PdfObject | undefined): string | undefined =>
  object instanceof PdfName ? object.value : undefined;

/** ISO 19005-2 as far as an update of ours could offend: see docs/decisions/looks-of-signatures.md. */
function expectAllowed(pdf: PdfDocument, dict: PdfDict): void {
  const type = nameOf(dict.get('Type'));
  const subtype = nameOf(dict.get('Subtype'));
  // No device colours (a calibrated space or gray), no alternates, no interpolation, no transfer functions, no scripts.
  for (const key of ['ColorSpace', 'CS'])
    expect(['DeviceRGB', 'DeviceCMYK']).not.toContain(nameOf(dict.get(key)));
  for (const key of ['Alternates', 'OPI', 'TR', 'JS', 'AA', 'NeedAppearances'])
    expect(dict.get(key)).toBeUndefined();
  expect(dict.get('Interpolate') ?? false).toBe(false);
  const filters = [dict.get('Filter')].flat().map((filter) => nameOf(filter ?? undefined));
  expect(filters).not.toContain('LZWDecode');
  if (type === 'Font' && nameOf(dict.get('Subtype')) === 'Type0') {
    expect(dict.get('ToUnicode')).toBeDefined();
    const descendants = pdf.get(dict, 'DescendantFonts');
    const [descendant] = Array.isArray(descendants) ? descendants.map((item) => pdf.resolve(item)) : [];
    const descriptor = descendant instanceof PdfDict ? pdf.getDict(descendant, 'FontDescriptor') : undefined;
    expect(descriptor && pdf.get(descriptor, 'FontFile2')).toBeInstanceOf(PdfStream);
    expect(descendant instanceof PdfDict && nameOf(descendant.get('CIDToGIDMap'))).toBe('Identity');
  }
  if (subtype === 'Widget') {
    // Shown and printed, never hidden; an appearance of its own; no action.
    expect(Number(dict.get('F')) & 0b100111).toBe(0b100);
    expect(pdf.getDict(dict, 'AP')?.get('N')).toBeInstanceOf(PdfRef);
    expect(dict.get('A')).toBeUndefined();
  }
}
