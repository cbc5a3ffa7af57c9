import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { readHeadOfDocument } from '../../core/reading/read-document.ts';
import { createPageReader } from '../../native/ocr/client.ts';
import {
  makeEDocument,
  makeSampleScans,
  makeScanAboutSecrets,
  makeSecretScan,
  makeUrgentScan,
  type SampleFile,
  type ScanShape,
} from '../../scripts/samples/index.ts';

const today = '2026-11-21';
const options = { seed: 11, today };
const reader = createPageReader({ spawner: createNodeSpawner() });
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-reading-'));
});
afterAll(async () => {
  reader.stop();
  await rm(dir, { recursive: true, force: true });
});

const read = ({ path, truth }: SampleFile) =>
  readHeadOfDocument(reader, {
    pdfPath: path,
    pages: truth.pages,
    today,
    ownAgencyNames: ['Ủy ban nhân dân xã Hòa Thịnh'],
  });

async function expectTruth(sample: SampleFile) {
  const { proposal, secrecy } = await read(sample);
  const { docNumber, docNotation, docDate, issuer, typeId, typeName, subject, urgency } = sample.truth;
  expect({
    docNumber: proposal.docNumber?.value,
    docNotation: proposal.docNotation?.value,
    docDate: proposal.docDate?.value,
    issuer: proposal.issuer?.value,
    typeId: proposal.typeId?.value,
    typeName: proposal.typeName?.value,
    subject: proposal.subject?.value,
    urgency: proposal.urgency?.value,
  }).toEqual({ docNumber, docNotation, docDate, issuer, typeId, typeName, subject, urgency });
  expect(secrecy).toBeNull();
  return proposal;
}

describe.each([200, 300] as const)('sample scans at %i dpi', (dpi) => {
  it('are read as their ground truth says', async () => {
    const shape: ScanShape = { form: 'pdf', dpi };
    const samples = await makeSampleScans(dir, { ...options, shapes: [shape, shape, shape] });
    for (const sample of samples) {
      const proposal = await expectTruth(sample);
      expect(proposal.engine).toContain('tesseract.js');
    }
  });

  it('with MẬT in its red frame are found out', async () => {
    const { secrecy } = await read(await makeSecretScan(dir, { ...options, shape: { form: 'pdf', dpi } }));
    expect(secrecy).toMatchObject({ level: 'mat', reason: 'red-word' });
    expect(secrecy?.box.x).toBeLessThan(0.4);
    expect(secrecy?.box.y).toBeLessThan(0.3);
  });
});

it('a letter that only speaks of MẬT, in small letters and capitals, goes on', async () => {
  await expectTruth(await makeScanAboutSecrets(dir, options));
});

it.each(['khan', 'thuong-khan', 'hoa-toc'] as const)(
  'the red mark of urgency %s is proposed',
  async (urgency) => {
    await expectTruth(await makeUrgentScan(dir, { ...options, urgency }));
  },
);

it('a born-digital document is read from its text layer', async () => {
  const proposal = await expectTruth(await makeEDocument(dir, options));
  expect(proposal.docNumber?.source).toBe('text-layer');
});

it('the same seed and day give the same samples, to the byte', async () => {
  const first = await makeEDocument(join(dir, 'first'), options);
  const second = await makeEDocument(join(dir, 'second'), options);
  expect(await readFile(second.path)).toEqual(await readFile(first.path));
  const [scanA, scanB] = [
    await makeSecretScan(join(dir, 'first'), options),
    await makeSecretScan(join(dir, 'second'), options),
  ];
  expect(await readFile(scanB.path)).toEqual(await readFile(scanA.path));
});
