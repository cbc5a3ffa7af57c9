import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeSampleScans } from '../../scripts/samples/index.ts';
import { repository, runProgram, type CommandResult } from '../cli/run.ts';

const stepSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  ms: z.number().nonnegative(),
  detail: z.record(z.string(), z.unknown()),
});
const resultSchema = z.strictObject({
  ok: z.boolean(),
  documents: z.array(
    z.looseObject({
      input: z.string(),
      ok: z.boolean(),
      steps: z.array(stepSchema),
      arrivalNumber: z.unknown(),
      signedPdf: z.string().nullable(),
      receipt: z.unknown(),
    }),
  ),
  refused: z.array(z.object({ input: z.string(), code: z.string() })),
  trustAnchor: z.string(),
  dataDir: z.string(),
  foreignOpinions: z.array(z.object({ tool: z.string(), ok: z.boolean(), words: z.string() })),
});
type DemoResult = z.infer<typeof resultSchema>;

const paperSteps = [
  'picked-up',
  'settled',
  'virus-check',
  'read',
  'proposed',
  'registered',
  'signed',
  'verified',
  'archived',
  'uploaded',
  'acknowledged',
];
const electronicSteps = [
  'fetched',
  'virus-check',
  'verified',
  'status-01',
  'registered',
  'archived',
  'status-03',
];

const demo = (...args: string[]) =>
  runProgram(process.execPath, [join(repository, 'scripts', 'demo', 'main.ts'), ...args], {
    cwd: repository,
  });

const dir = mkdtempSync(join(tmpdir(), 'an-thu-demo-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const detail = (document: DemoResult['documents'][number] | undefined, step: string) =>
  document?.steps.find(({ name }) => name === step)?.detail ?? {};

describe('the main job, as npm run demo shows it', () => {
  let run: CommandResult;
  let result: DemoResult;
  beforeAll(async () => {
    run = await demo('--json');
    result = run.json(resultSchema);
  });

  it('succeeds, with one JSON document on standard output and its story on standard error', () => {
    expect([run.status, result.ok]).toEqual([0, true]);
    expect(run.stderr).toContain('Nhật ký');
  });

  it('takes every step of each letter in order, and each truly happened', () => {
    const names = result.documents.map((document) => document.steps.map(({ name }) => name));
    expect(names.at(-1)).toEqual(electronicSteps);
    expect(names.length).toBeGreaterThanOrEqual(4);
    for (const steps of names.slice(0, -1)) expect(steps).toEqual(paperSteps);
    for (const document of result.documents) {
      expect(document.ok).toBe(true);
      for (const step of document.steps) expect([step.name, step.ok]).toEqual([step.name, true]);
    }
  });

  it('gives arrival numbers without gaps', () => {
    const numbers = result.documents.map(({ arrivalNumber }) => Number.parseInt(String(arrivalNumber), 10));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('refuses the virus and the secret, with their codes', () => {
    expect(result.refused.map(({ code }) => code)).toEqual(['scanner.infected', 'reading.secrecy-mark']);
  });

  it('leaves signed files that two foreign programs accept', () => {
    expect(result.foreignOpinions.map(({ tool, ok }) => [tool, ok])).toEqual([
      ['pdfsig', true],
      ['openssl cms', true],
    ]);
    expect(existsSync(result.trustAnchor)).toBe(true);
    for (const { signedPdf } of result.documents) {
      if (signedPdf !== null) expect(readFileSync(signedPdf, 'latin1')).toContain('/ByteRange');
    }
  });

  it('gives the evidence: prefix compared, scanner asked, receipt for the very file', () => {
    const [first] = result.documents;
    const evidence = Object.assign({}, ...(first?.steps ?? []).map((step) => step.detail)) as Record<
      string,
      unknown
    >;
    expect(evidence).toMatchObject({
      prefixCompared: true,
      verdict: expect.any(String),
      database: expect.any(String),
    });
    expect(evidence['prefixBytes']).toBeGreaterThan(1000);
    const sha256 = createHash('sha256')
      .update(readFileSync(first?.signedPdf ?? ''))
      .digest('hex');
    expect(JSON.stringify(detail(first, 'archived'))).toContain(sha256);
    expect(detail(first, 'uploaded')).toMatchObject({ sha256AtServer: sha256, same: true });
    expect(first?.receipt).toMatchObject({ operationId: detail(first, 'acknowledged')['operationId'] });
  });

  it('has one record at the province for each operation', () => {
    for (const document of result.documents.slice(0, -1)) {
      expect(detail(document, 'acknowledged')['recordsForOperation']).toBe(1);
    }
  });

  it('cleans up after itself', () => {
    expect(existsSync(result.dataDir)).toBe(false);
  });
});

describe('the demo with a file of the user', () => {
  it('takes a JPEG, and says loudly that no virus check was made', async () => {
    const [, jpeg] = await sampleOfType(dir);
    const run = await demo('--json', '--without-scanner', jpeg);
    const result = run.json(resultSchema);
    expect(run.stderr).toContain('KHÔNG KIỂM TRA VI-RÚT');
    expect(result.documents[0]?.input).toContain('của tôi.jpg');
    expect(result.documents[0]?.steps.map(({ name }) => name)).toEqual(paperSteps);
    expect([run.status, result.ok]).toEqual([0, true]);
  });

  it('says so when the file is broken, and does not claim success', async () => {
    const broken = join(dir, 'hỏng.pdf');
    writeFileSync(broken, '%PDF-1.7\nkhông còn gì');
    const run = await demo('--json', '--without-scanner', broken);
    expect([run.status, run.json(resultSchema).ok]).toEqual([1, false]);
    expect(run.json(resultSchema).documents[0]).toMatchObject({ ok: false, signedPdf: null });
    expect(run.stderr).toContain('[intake.incomplete]');
  });

  it('that is not there ends with 66', async () => {
    const run = await demo('--json', join(dir, 'không-có.pdf'));
    expect([run.status, run.stdout]).toEqual([66, '']);
  });
});

/** A sample scan as JPEG under a name of the user's. */
async function sampleOfType(folder: string): Promise<[string, string]> {
  const samples = await makeSampleScans(folder, {
    seed: 7,
    today: '2026-03-02',
    names: { commune: 'Hòa Thịnh', province: 'An Lạc' },
    truthDir: join(folder, 'truth'),
  });
  const jpeg = samples.find(({ path }) => /\.jpe?g$/i.test(path));
  if (!jpeg) throw new Error(`no JPEG among ${samples.map(({ path }) => path).join(', ')}`);
  const target = join(folder, 'của tôi.jpg');
  copyFileSync(jpeg.path, target);
  return [jpeg.path, target];
}
