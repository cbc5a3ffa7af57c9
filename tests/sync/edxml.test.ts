import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  buildEdxml,
  checkAgainstSchema,
  parseEdxml,
  parseEdxmlFile,
  parseStatus,
  type EdxmlPackage,
} from '../../core/sync/edxml/index.ts';
import { buildStatus } from '../../core/sync/edxml/build.ts';
import { commune } from './office.ts';
import { statusOf } from './packages.ts';
import { packageSamples, statusSamples } from './samples.ts';

const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url));
const xsdPath = fileURLToPath(new URL('../../resources/schemas/edxml.xsd', import.meta.url));
const xsd = readFileSync(xsdPath, 'utf8');

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'an-thu-edxml-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function readPackage(bytes: Buffer): EdxmlPackage {
  const parsed = parseEdxml(bytes, { outDir: out });
  if (parsed.kind !== 'package') throw new Error('not a package');
  return parsed;
}

describe('the samples of every kind of message', () => {
  const samples = Object.entries({ ...packageSamples, ...statusSamples });

  it('cover the four business types and the nine statuses, and are the committed files', () => {
    expect(samples).toHaveLength(13);
    for (const [name, bytes] of samples) {
      expect(readFileSync(join(fixtures, `${name}.edxml`)).equals(bytes), name).toBe(true);
    }
  });

  it('fit our schema, also in the eyes of xmllint', () => {
    const files = readdirSync(fixtures).filter((name) => name.endsWith('.edxml') && !name.includes('soap'));
    for (const name of files) checkAgainstSchema(readFileSync(join(fixtures, name)), xsd);
    const paths = files.map((name) => join(fixtures, name));
    execFileSync('xmllint', ['--nonet', '--noout', '--schema', xsdPath, ...paths], { stdio: 'pipe' });
  });

  it('are read back as they were written', () => {
    const read = readPackage(packageSamples['edoc_update'] ?? Buffer.alloc(0));
    expect(read).toMatchObject({
      from: { organId: 'H99' },
      documentId: 'H99,2026/11/20,05/UBND-VP',
      codeNumber: '05',
      promulgationDate: '2026-11-20',
      dueDate: '2026-12-05',
      priority: 1,
      subject: 'Về việc báo cáo công tác văn thư, lưu trữ <quý IV> & năm 2026',
      toPlaces: ['Như trên', 'Lưu: VT, VP'],
      business: {
        type: 'update',
        documentId: 'H99,2026/11/20,05/UBND-VP',
        changes: {
          documentInfo: true,
          receivers: [
            { organId: 'H99.01.03', change: 'added' },
            { organId: '000.00.05.H99', change: 'removed' },
          ],
        },
      },
      signed: false,
    });
    expect(read.to.map((to) => to.organId)).toEqual(['H99.01.02', '000.00.05.H99']);
    expect(read.responseFor.map((answered) => answered.code)).toEqual(['12/BC-UBND', '7/SNV']);
    expect(read.trace).toHaveLength(2);
    expect(read.attachments.map((attachment) => attachment.name)).toEqual([
      '05-UBND-VP.pdf',
      'Mẫu báo cáo.xlsx',
    ]);
    expect(readFileSync(read.attachments[0]?.path ?? '', 'utf8')).toBe('%PDF-1.7 công văn mẫu\n');
    expect(readPackage2('edoc_replace').business.replacements).toEqual([
      { documentId: 'H99,2026/11/18,03/UBND-VP', organIds: ['H99.01.02', '000.00.05.H99'] },
      { documentId: 'H99,2026/11/19,04/UBND-VP', organIds: ['H99.01.02'] },
    ]);
    expect(readPackage2('edoc_revocation').business).toMatchObject({
      type: 'revocation',
      reason: 'Ban hành nhầm',
    });
  });

  function readPackage2(name: string): EdxmlPackage {
    const folder = mkdtempSync(join(out, 'more-'));
    const parsed = parseEdxmlFile({ path: join(fixtures, `${name}.edxml`), outDir: folder });
    if (parsed.kind !== 'package') throw new Error('not a package');
    return parsed;
  }

  it('give each status its code, staff and the document it speaks of', () => {
    for (const [name, bytes] of Object.entries(statusSamples)) {
      const status = parseStatus(bytes);
      expect(name.endsWith(status.statusCode)).toBe(true);
      expect(status.responseFor.documentId).toBe('H99,2026/11/20,05/UBND-VP');
      expect(status.staff?.staff).toBe('Trần Thị C');
      expect(status.timestamp).toBe('2026-11-20 16:00:00');
    }
  });
});

it('the longest number and notation of a package fit into the status that answers it', () => {
  const code = `${'9'.repeat(100)}/${'X'.repeat(200)}`;
  const status = { ...statusOf(commune, 'H99,2026/11/20,9/X', '01') };
  const answer = buildStatus({ ...status, responseFor: { ...status.responseFor, code } });
  expect(parseStatus(answer).responseFor.code).toBe(code);
});

describe('dialects of other senders', () => {
  it('are read by name, not by order: cid: or none, zipped inside base64, days first', () => {
    const read = readPackage(readFileSync(join(fixtures, 'dialect_java_new.edxml')));
    expect(read).toMatchObject({
      from: { organId: '000.00.00.H99', organName: 'UBND tỉnh A' },
      codeNumber: '007',
      codeNotation: 'QĐ-UBND',
      promulgationDate: '2026-11-20',
      dueDate: null,
      priority: 4,
      steeringType: '2',
      signed: true,
    });
    expect(read.attachments).toMatchObject([
      { name: 'anh-quyet-dinh.jpg', mediaType: 'image/jpeg', contentId: 'a1', unzipped: true },
    ]);
    expect(readFileSync(read.attachments[0]?.path ?? '', 'utf8')).toContain('ảnh mẫu');
  });

  it('a status in a SOAP header reads as the current one does', () => {
    const bytes = readFileSync(join(fixtures, 'dialect_soap_status_03.edxml'));
    checkAgainstSchema(bytes, xsd);
    expect(parseStatus(bytes)).toMatchObject({
      from: { organId: 'H99.01.02' },
      responseFor: { code: '7/QĐ-UBND', promulgationDate: '2026-11-20' },
      statusCode: '03',
      description: 'Đã tiếp nhận, số đến 8916',
      timestamp: '2026-11-20 16:00:00',
    });
  });

  it('elements outside the namespace are taken by their local name', () => {
    const bytes = (packageSamples['edoc_new'] ?? Buffer.alloc(0))
      .toString()
      .replace('<AttachmentEncoded>', '<AttachmentEncoded xmlns="">');
    expect(readPackage(Buffer.from(bytes)).attachments).toHaveLength(2);
    checkAgainstSchema(Buffer.from(bytes), xsd);
  });

  it('a decomposed Vietnamese text becomes composed', () => {
    const bytes = (packageSamples['edoc_new'] ?? Buffer.alloc(0)).toString().normalize('NFD');
    expect(readPackage(Buffer.from(bytes)).from.organName).toBe('UBND tỉnh A'.normalize('NFC'));
  });
});

describe('building and reading', () => {
  it('agree for any text and any bytes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    let run = 0;
    fc.assert(
      fc.property(text, text, fc.uint8Array({ maxLength: 300 }), (subject, notation, content) => {
        const folder = mkdtempSync(join(out, `run-${++run}-`));
        const bytes = buildEdxml({
          from: { organId: 'H99' },
          to: [{ organId: 'H99.01' }],
          documentId: 'H99,2026/11/20,1/X',
          codeNumber: '1',
          codeNotation: notation,
          subject,
          attachments: [{ name: 'a.pdf', bytes: content }],
        });
        const parsed = parseEdxml(bytes, { outDir: folder });
        if (parsed.kind !== 'package') throw new Error('not a package');
        const clean = (value: string) =>
          value
            .normalize('NFC')
            .replaceAll(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD')
            .trim();
        expect(parsed.subject).toBe(clean(subject));
        expect(parsed.codeNotation).toBe(clean(notation));
        expect(readFileSync(parsed.attachments[0]?.path ?? '').equals(Buffer.from(content))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
