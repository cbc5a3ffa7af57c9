import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfString, textOf } from '../../core/pdf/objects.ts';
import { firstPage } from '../../core/pdf/pages.ts';
import { readSecurityStore } from '../../core/signing/security-store.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { withPdf } from '../../core/pdf/document.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { readEvidence } from '../../core/trust/revocation-evidence.ts';
import { certificateStatus } from '../../core/trust/revocation-status.ts';
import { timed } from '../../scripts/bench/statistics.ts';
import { buildCrl } from '../../scripts/pki/certificate-builder.ts';
import { startDemoTsa } from '../../scripts/pki/index.ts';
import { startLoopbackServer } from '../../scripts/pki/loopback-server.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

let shop: Workshop;
beforeAll(async () => void (shop = await openWorkshop()));
afterAll(() => shop.close());

const GIB = 1024 ** 3;

describe('a revocation list of 100,000 entries', () => {
  const list = (revoked: readonly string[] = []): Uint8Array => {
    const now = new Date();
    const { issuing } = shop.pki;
    const many = Array.from({ length: 100_000 }, () => ({
      serial: `4${randomBytes(15).toString('hex')}f`,
      at: now,
    }));
    many.push(...revoked.map((serial) => ({ serial, at: now })));
    return buildCrl({
      issuer: issuing.name,
      issuerKey: issuing.key,
      thisUpdate: now,
      nextUpdate: new Date(now.getTime() + 24 * 3600_000),
      number: 1,
      revoked: many,
    });
  };

  test('is walked in little time and memory, to its last entry', async () => {
    const issuer = parseCertificate(shop.pki.issuing.certificate);
    const certificate = parseCertificate(shop.key().certificate);
    const bytes = list([certificate.serial]);
    expect(bytes.length).toBeGreaterThan(3_500_000);
    const before = process.memoryUsage();
    const { value: status, cpuMs } = await timed(() =>
      certificateStatus(certificate, issuer, {
        at: new Date(),
        now: new Date(),
        evidence: readEvidence('fetched', { lists: [bytes] }),
        pool: [],
        anchors: [],
      }),
    );
    const { arrayBuffers, external } = process.memoryUsage();
    expect(status.kind).toBe('revoked');
    expect(cpuMs).toBeLessThan(1500);
    // entries are not kept: no second copy of the list comes to be
    expect(arrayBuffers - before.arrayBuffers + external - before.external).toBeLessThan(bytes.length);
  });

  test('serves a B-LTA signature where no OCSP responder answers', async () => {
    const now = new Date();
    const { root } = shop.pki;
    const small = buildCrl({
      issuer: root.name,
      issuerKey: root.key,
      thisUpdate: now,
      nextUpdate: new Date(now.getTime() + 24 * 3600_000),
      number: 1,
      revoked: [],
    });
    const lists: Record<string, Uint8Array> = { '/issuing.crl': list(), '/root.crl': small };
    const host = await startLoopbackServer(shop.pki.servicePort, (method, path) => {
      const body = method === 'GET' ? lists[path] : undefined;
      return body
        ? { status: 200, type: 'application/pkix-crl', body }
        : { status: 503, type: 'text/plain', body: new Uint8Array() };
    });
    const tsa = await startDemoTsa(shop.pki);
    try {
      const outputPath = shop.path('long-list.pdf');
      const signed = await signPdf({
        inputPath: shop.letter,
        outputPath,
        key: shop.key(),
        level: 'B-LTA',
        tsa: { url: tsa.url },
        trust: { anchors: await loadAnchors([shop.pki.rootPath], 'signature') },
        signingTime: now.toISOString(),
      });
      expect(signed).toMatchObject({ level: 'B-LTA', pending: [] });
      expect(withPdf(outputPath, readSecurityStore).crls).toHaveLength(2);
      expect((await shop.verify(outputPath)).signatures[0]?.level).toBe('B-LTA');
    } finally {
      await Promise.all([host.close(), tsa.close()]);
    }
  });
});

describe('a file beyond 4 GiB', () => {
  /** A PDF whose second half stands behind a hole; nothing of the hole is ever on the disk. */
  function sparsePdf(name: string, hole: number, kind: 'table' | 'stream'): string {
    const path = shop.path(name);
    const file = openSync(path, 'w');
    const head = '%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n';
    writeSync(file, head, 0);
    const pagesAt = hole;
    const pages = '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n';
    const page = '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Title (xa) >>\nendobj\n';
    const pageAt = pagesAt + pages.length;
    const xrefAt = pageAt + page.length;
    writeSync(file, pages + page, pagesAt);
    const offsets = [9, pagesAt, pageAt];
    if (kind === 'table') {
      const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
      const table = `xref\n0 4\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size 4 /Root 1 0 R >>\n`;
      writeSync(file, `${table}startxref\n${xrefAt}\n%%EOF\n`, xrefAt);
    } else {
      const rows = Buffer.alloc(5 * 8);
      [...offsets, xrefAt].forEach((offset, index) => {
        rows.writeUInt8(1, (index + 1) * 8);
        rows.writeUIntBE(offset, (index + 1) * 8 + 1, 6);
      });
      const dict = `<< /Type /XRef /Size 5 /W [1 6 1] /Root 1 0 R /Length ${rows.length} >>`;
      const start = `4 0 obj\n${dict}\nstream\n`;
      writeSync(file, start, xrefAt);
      writeSync(file, rows, 0, rows.length, xrefAt + start.length);
      writeSync(
        file,
        `\nendstream\nendobj\nstartxref\n${xrefAt}\n%%EOF\n`,
        xrefAt + start.length + rows.length,
      );
    }
    closeSync(file);
    return path;
  }

  /** Appends an update with a new title for the page and reads it back. */
  function updated(path: string): string {
    const { bytes, offset } = withPdf(path, (pdf) => {
      const page = firstPage(pdf);
      const update = new IncrementalUpdate(pdf);
      update.put(
        page.ref ?? new PdfRef(3),
        page.dict.with({ Title: new PdfString(Buffer.from('moi')), Extra: new PdfName('X') }),
      );
      return update.build();
    });
    const file = openSync(path, 'r+');
    writeSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
    return withPdf(path, (again) => {
      const title = again.get(firstPage(again).dict, 'Title');
      return title instanceof PdfString ? textOf(title) : '';
    });
  }

  test.each(['table', 'stream'] as const)('is read lazily and gets a right update (%s)', (kind) => {
    const path = sparsePdf(`sparse-${kind}.pdf`, 5 * GIB, kind);
    expect(withPdf(path, (pdf) => pdf.catalog())).toBeInstanceOf(PdfDict);
    expect(updated(path)).toBe('moi');
  });

  test('with a table is refused clearly where its ten digits end; with a stream it goes on', () => {
    expect(updated(sparsePdf('ten-digits-stream.pdf', 12_000_000_000, 'stream'))).toBe('moi');
    const table = sparsePdf('ten-digits.pdf', 9_999_000_000, 'table');
    const xrefAt = withPdf(table, (pdf) => pdf.sections[0]?.offset ?? 0);
    const file = openSync(table, 'r+');
    // A second pointer to the same table, so far behind that an update's own offsets need eleven digits.
    writeSync(file, `startxref\n${xrefAt}\n%%EOF\n`, 10_000_000_500);
    closeSync(file);
    expect(() => updated(table)).toThrow(expect.objectContaining({ code: 'pdf.too-large' }));
  });
});
