import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bufferSource } from '../../core/pdf/byte-source.ts';
import { PdfDocument } from '../../core/pdf/document.ts';
import { inspectDocument } from '../../core/pdf/inspect.ts';
import { defaultPdfLimits } from '../../core/pdf/limits.ts';
import { listRevisions } from '../../core/pdf/revisions.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { buildSignatureUpdate } from '../../core/signing/signature-update.ts';
import { makeSamplePdfs } from '../lib/sample-pdfs.ts';

let dir: string;
let files: Buffer[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-mutations-'));
  files = await Promise.all(Object.values(await makeSamplePdfs(dir)).map((path: string) => readFile(path)));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

test('a file with changed bytes is either read or refused by code: no crash, no endless read', async () => {
  const before = process.cpuUsage();
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.constantFrom(...Buffer.from('0159 /<>[]()RobjfnW%\n\0\xff', 'latin1')) }); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(
      fc.nat(files.length - 1),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      async (index, changes) => {
        const bytes = Buffer.from(files[index] ?? []);
        for (const { at, byte } of changes) bytes[Math.floor(at * (bytes.length - 1))] = byte;
        try {
          const pdf = new PdfDocument(bufferSource(bytes), defaultPdfLimits);
          inspectDocument(pdf);
          listRevisions(pdf);
          await buildSignatureUpdate(pdf, {
            signingTime: new Date(0),
            appearance: { kind: 'none' },
            reserveBytes: 64,
          });
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AnThuError);
          expect((thrown as AnThuError).code).toMatch(/^(pdf|signing)\./);
        }
      },
    ),
    { numRuns: 3000, seed: 20261121 },
  );
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(20_000);
}, 20_000);
