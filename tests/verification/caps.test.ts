import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DocumentWorker, type VerifyFileRequest } from '../../core/engine/document-worker-client.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { bufferSource } from '../../core/pdf/byte-source.ts';
import { PdfDocument } from '../../core/pdf/document.ts';
import { defaultPdfLimits } from '../../core/pdf/limits.ts';
import { classifyLater } from '../../core/verification/later-changes.ts';
import { modificationRules } from '../../core/verification/modification-rules.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { signWithRules } from './certified-files.ts';
import { lastSection } from './changes.ts';
import { openWorkshop, type Workshop } from './signed-files.ts';

// Reaching a cap is INDETERMINATE with the reason, never silence and never a pass.

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop.close());

const withCatalog = (catalog: string, more: (string | Buffer)[] = []): Buffer =>
  rawPdf({ objects: [...onePageObjects({ catalog }), ...more] });
const bomb = deflateSync(Buffer.alloc(40 * 1024 * 1024));

describe('caps of the readers', () => {
  it.each<[string, string, () => Buffer]>([
    ['nesting', 'depth', () => withCatalog(`/X ${'['.repeat(5000)}${']'.repeat(5000)}`)],
    ['items of one object', 'items', () => withCatalog(`/X [${'0 '.repeat(1_100_000)}]`)],
    ['length of a string', 'stringBytes', () => withCatalog(`/X (${'x'.repeat(17 * 1024 * 1024)})`)],
    ['number of an object', 'objects', () => withCatalog('/AcroForm 99999999 0 R')],
    [
      'expansion of a structure stream',
      'streamBytes',
      () => {
        const holder = rawStream('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', bomb);
        const body = rawPdf({ objects: [...onePageObjects(), holder] });
        // Catalog 1 is said to lie in the object stream.
        const at = body.length;
        const rows = Buffer.from([1, 0, 0, 0, 0, 2, 0, 0, 4, 0]);
        rows.writeUIntBE(at, 1, 3);
        const dict = `/Type /XRef /Size 10 /Root 1 0 R /Prev ${lastSection(body)} /W [1 3 1] /Index [9 1 1 1]`;
        const section = rawStream(dict, rows);
        return Buffer.concat([body, Buffer.from('9 0 obj\n'), section, Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF\n`)]);
      },
    ],
    [
      'number of revisions',
      'sections',
      () => {
        const first = withCatalog('');
        const parts = [first];
        let size = first.length;
        let previous = lastSection(first);
        for (let index = 0; index < 2100; index++) {
          const part = Buffer.from(`xref\n0 0\ntrailer\n<< /Size 4 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${size}\n%%EOF\n`);
          previous = String(size);
          parts.push(part);
          size += part.length;
        }
        return Buffer.concat(parts);
      },
    ],
    [
      'form fields',
      'fields',
      () => {
        const fields = Array.from({ length: 20_010 }, (_, index) => `<< /FT /Tx /T (f${index}) >>`);
        return withCatalog(`/AcroForm << /Fields [${fields.join(' ')}] >>`);
      },
    ],
    [
      'signatures',
      'signatures',
      () => {
        const fields = Array.from({ length: 1001 }, (_, index) => `<< /FT /Sig /T (f${index}) /V << >> >>`);
        return withCatalog(`/AcroForm << /Fields [${fields.join(' ')}] >>`);
      },
    ],
    [
      'signatures beside the form',
      'signatures',
      () => {
        const widgets = Array.from({ length: 1001 }, (_, index) => `<< /Subtype /Widget /FT /Sig /T (f${index}) /V << >> >>`);
        const annotations = widgets.map((_, index) => `${index + 4} 0 R`).join(' ');
        return rawPdf({ objects: [...onePageObjects({ page: `/Annots [${annotations}]` }), ...widgets] });
      },
    ],
    [
      'annotations of all pages, though they share one list',
      'items',
      () =>
        rawPdf({
          objects: [
            '<< /Type /Catalog /Pages 2 0 R >>',
            `<< /Type /Pages /Count 2000 /Kids [${'3 0 R '.repeat(2000)}] >>`,
            '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 4 0 R >>',
            `[${'5 0 R '.repeat(20_000)}]`,
            '<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] >>',
          ],
        }),
    ],
  ])('%s', async (_name, what, make) => {
    const report = await shop.verify(await shop.write('cap.pdf', make()));
    expect(report.verdict).toBe('indeterminate');
    expect(report.messages.map(({ code }) => code)).toContain('verify.limit-reached');
    expect(report.error).toMatchObject({ code: 'pdf.limit', detail: { what } });
  }); // prettier-ignore

  it('a signed file that passes one behind its signature is undecided, not passed', async () => {
    const letter = await signWithRules(shop, shop.letter, 'signed.pdf');
    expect((await shop.verify(letter)).verdict).toBe('valid');
    const deep = rawPdf({
      objects: [
        ...onePageObjects({ page: '/Contents 4 0 R /X 5 0 R' }),
        rawStream('', 'q Q'),
        `${'['.repeat(150)}${']'.repeat(150)}`,
      ],
    });
    const file = await signWithRules(shop, await shop.write('deep.pdf', deep), 'deep-signed.pdf');
    expect((await shop.verify(file)).verdict).toBe('indeterminate');
  });
});

describe('caps of the comparison with a signed revision', () => {
  /** The file with `count` more revisions, each with these lines and entries. */
  function grown(bytes: Buffer, count: number, rows: string, entries: string): Buffer {
    const parts = [bytes];
    let size = bytes.length;
    let previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(bytes.toString('latin1'))?.[1];
    for (let index = 0; index < count; index++) {
      const trailer = `trailer\n<< ${entries} /Root 1 0 R /Prev ${previous} >>`;
      const part = Buffer.from(`xref\n${rows}${trailer}\nstartxref\n${size}\n%%EOF\n`);
      previous = String(size);
      parts.push(part);
      size += part.length;
    }
    return Buffer.concat(parts);
  }
  const open = (bytes: Buffer): PdfDocument => new PdfDocument(bufferSource(bytes), defaultPdfLimits);

  it('numbers that were counted and never used are looked up once, however many revisions leave them out', () => {
    const letter = rawPdf({ objects: onePageObjects() });
    const signed = grown(letter, 400, '990000 1\n0000000000 00001 f \n', '/Size 990001');
    const later = (bytes: Buffer): string => {
      const laterSignedFields = new Set<number>();
      const rules = modificationRules(open(signed), []);
      return classifyLater(open(bytes), open(signed), { laterSignedFields, rules }).later;
    };
    expect(later(grown(signed, 400, '0 0\n', '/Size 990001'))).toBe('permitted');
    expect(later(grown(signed, 400, '0 0\n', '/Size 100'))).toBe('forbidden');
  });
});

describe('caps of the worker', () => {
  const request = (path: string): VerifyFileRequest => ({
    path,
    trust: { anchors: [shop.pki.rootPath], tsaAnchors: [], certificates: [] },
    lists: [],
    revocation: 'skip',
    now: new Date().toISOString(),
  });
  const manyObjects = (): Buffer => {
    const count = 200_000;
    const references = Array.from({ length: count }, (_, index) => `${index + 4} 0 R`).join(' ');
    const objects = Array.from({ length: count }, () => '<< /A [1 2 3] >>');
    const signature = '<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>';
    const form = `/AcroForm << /Fields [<< /FT /Sig /T (S) /V ${signature} >>] >>`;
    return rawPdf({
      objects: [...onePageObjects({ catalog: `/Extra [${references}] ${form}` }), ...objects],
    });
  };

  it.each<[string, string, () => DocumentWorker]>([
    ['time', 'general.program-timeout', () => new DocumentWorker(createNodeSpawner(), { deadlineMs: 40 })],
    [
      'memory',
      'general.program-died',
      () => {
        const real = createNodeSpawner();
        const tight: ProgramSpawner = {
          spawn: (name, options) => real.spawn(name, { ...options, memoryMb: 24 }),
        };
        return new DocumentWorker(tight);
      },
    ],
  ])('%s', async (_name, code, open) => {
    const path = await shop.write('many.pdf', manyObjects());
    const worker = open();
    try {
      const [report] = await worker.verifyFile(request(path));
      expect(report).toMatchObject({ verdict: 'indeterminate', signatures: [], error: { code } });
      expect(report?.messages.map((message) => message.code)).toEqual(['verify.limit-reached']);
    } finally {
      worker.close();
    }
  });

  it('the next file is judged by a new worker', async () => {
    const letter = await shop.sign(shop.letter, 'next.pdf');
    const path = await shop.write('many.pdf', manyObjects());
    const real = createNodeSpawner();
    let started = 0;
    const firstIsTight: ProgramSpawner = {
      spawn: (name, options) => real.spawn(name, started++ === 0 ? { ...options, memoryMb: 24 } : options),
    };
    const worker = new DocumentWorker(firstIsTight);
    try {
      expect((await worker.judge(path, request(path).trust, new Date())).verdict).toBe('indeterminate');
      const report = await worker.judge(letter, request(letter).trust, new Date());
      expect(report.signatures).toMatchObject([{ integrity: true }]);
      expect(started).toBe(2);
    } finally {
      worker.close();
    }
  });
});
