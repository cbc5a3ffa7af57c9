import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { partPathFor } from '../../core/signing/part-name.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { anThu, buildPrograms, repository } from '../cli/run.ts';
import { createFaultToken, type FaultToken } from '../fault-module/fault-token.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { makeTestPki, type TestPki } from '../lib/test-keys.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-batch-'));
const COUNT = 80;
let pki: TestPki;
let hsm: SoftHsm;
/** The same token, whose driver can be told to wait. */
let token: FaultToken;
let inputs: string[];
let oracles: PdfOracles;

const fileSchema = z.object({
  event: z.literal('file'),
  done: z.number(),
  total: z.number(),
  input: z.string(),
  ok: z.boolean(),
  state: z.enum(['signed', 'resumed', 'failed', 'not-tried']),
  error: z.object({ code: z.string() }).optional(),
});
const summarySchema = z.object({
  event: z.literal('summary'),
  files: z.number(),
  signed: z.number(),
  resumed: z.number(),
  failed: z.number(),
  notTried: z.number(),
  stopped: z.object({ code: z.string() }).optional(),
});
const lineSchema = z.discriminatedUnion('event', [fileSchema, summarySchema]);
type Line = z.infer<typeof lineSchema>;

beforeAll(() => {
  buildPrograms();
  pki = makeTestPki(dir);
  oracles = makeOracles(pki);
  const key = pki.key('rsa-2048');
  hsm = createSoftHsm({
    folder: join(dir, 'hsm'),
    keys: [
      {
        id: '01',
        label: 'agency',
        privateKeyPem: readFileSync(join(dir, 'signer-rsa-2048.key'), 'utf8'),
        certificate: key.certificate,
      },
    ],
    certificates: key.chain,
  });
  token = createFaultToken(dir, hsm);
  mkdirSync(join(dir, 'in'));
  inputs = Array.from({ length: COUNT }, (_, index) => {
    const path = join(dir, 'in', `văn bản ${index}.pdf`);
    writeFileSync(path, `${rawPdf({ objects: onePageObjects() }).toString('latin1')}% ${index}\n`, 'latin1');
    return path;
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let folders = 0;
function newFolder(): string {
  const folder = join(dir, `out-${folders++}`);
  mkdirSync(folder);
  return folder;
}

const signArguments = (out: string, keyUri: string, ...more: string[]): string[] => [
  'sign', ...inputs, '--out', out, '--key', keyUri, '--pin-env', 'THE_PIN', ...more,
]; // prettier-ignore
const env = (): Record<string, string> => ({ ...hsm.env, THE_PIN: hsm.pin });

interface RunningBatch {
  readonly child: ChildProcess;
  readonly lines: Line[];
  readonly ended: Promise<number | null>;
}

/** Starts a batch as a process of its own; `meanwhile` is told of each line it prints. */
function startBatch(
  out: string,
  meanwhile: (lines: readonly Line[], child: ChildProcess) => void,
): RunningBatch {
  const child = spawn(
    process.execPath,
    [join(repository, 'build', 'an-thu.mjs'), ...signArguments(out, token.uri('01'), '--json-lines')],
    { env: { ...process.env, ...env() }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(lineSchema.parse(JSON.parse(line)));
    meanwhile(lines, child);
  });
  const closed = new Promise<void>((resolve) => reader.once('close', resolve));
  const ended = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => void closed.then(() => resolve(code))),
  );
  return { child, lines, ended };
}

/** The driver makes some more signatures than are waited for, and no more before it is told: the batch is never done too soon. */
const waitInTheMiddle = (): void => token.order('C_Sign wait-for go-on after=12');

/** Each finished output is its input with one signature added, and nothing else lies in the folder. */
function signedOnce(out: string): string[] {
  const names = readdirSync(out).filter((name) => !name.endsWith('.part'));
  for (const name of names) {
    const [before, after] = [readFileSync(join(dir, 'in', name)), readFileSync(join(out, name))];
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    expect(after.toString('latin1').match(/\/ByteRange/g)).toHaveLength(1);
  }
  return names;
}

async function resume(out: string): Promise<z.infer<typeof summarySchema>> {
  const result = await anThu(signArguments(out, hsm.uri('01'), '--resume', '--json-lines'), { env: env() });
  expect(result.status).toBe(0);
  const lines = result.stdout.trim().split('\n');
  expect(lines).toHaveLength(COUNT + 1);
  return summarySchema.parse(JSON.parse(lines.at(-1) ?? ''));
}

function expectWhole(out: string): void {
  expect(readdirSync(out)).toHaveLength(COUNT);
  expect(signedOnce(out)).toHaveLength(COUNT);
  for (const name of readdirSync(out).filter((_, index) => index % 16 === 0))
    expect(oracles.opensslCms(join(out, name))).toBe(1);
}

describe('many files under one login', () => {
  it('are each signed once and told as they finish', async () => {
    const out = newFolder();
    const batch = startBatch(out, () => undefined);
    expect(await batch.ended).toBe(0);
    expect(batch.lines.at(-1)).toMatchObject({ event: 'summary', files: COUNT, signed: COUNT, failed: 0 });
    const done = batch.lines.flatMap((line) => (line.event === 'file' ? [line.done] : []));
    expect(done).toEqual(inputs.map((_, index) => index + 1));
    expectWhole(out);
  });

  it('go on after a crash where they stopped, and every file is signed exactly once', async () => {
    const out = newFolder();
    waitInTheMiddle();
    const batch = startBatch(out, (lines, child) => lines.length === 8 && child.kill('SIGKILL'));
    expect(await batch.ended).toBeNull();
    const before = new Map(signedOnce(out).map((name) => [name, statSync(join(out, name)).mtimeMs]));
    expect(before.size).toBeGreaterThanOrEqual(8);
    expect(before.size).toBeLessThan(COUNT);
    const left = partPathFor(join(out, 'văn bản 79.pdf'), { pid: batch.child.pid ?? 0 });
    writeFileSync(left, 'nửa chừng');
    const summary = await resume(out);
    expect(summary).toMatchObject({
      resumed: before.size,
      signed: COUNT - before.size,
      failed: 0,
      notTried: 0,
    });
    for (const [name, time] of before) expect(statSync(join(out, name)).mtimeMs).toBe(time);
    expectWhole(out);
  });

  it('stop when the token is lost, and go on when it is back', async () => {
    const out = newFolder();
    waitInTheMiddle();
    const batch = startBatch(
      out,
      (lines, child) => lines.length === 8 && process.kill(hostOf(child), 'SIGKILL'),
    );
    expect(await batch.ended).toBe(1);
    const summary = summarySchema.parse(batch.lines.at(-1));
    // Between two signatures nobody sees the host die; the next one finds that nothing is unlocked.
    expect(['token.driver-crashed', 'token.not-unlocked']).toContain(summary.stopped?.code);
    expect(summary.notTried).toBeGreaterThan(0);
    expect(summary.signed + summary.failed + summary.notTried).toBe(COUNT);
    // What was on its way to the token then; nothing was asked after it.
    expect(summary.failed).toBeLessThanOrEqual(3);
    expect(signedOnce(out)).toHaveLength(summary.signed);
    expect(readdirSync(out)).toHaveLength(summary.signed);
    expect(await resume(out)).toMatchObject({ resumed: summary.signed, signed: COUNT - summary.signed });
    expectWhole(out);
  });

  it('end after the files in hand on Ctrl-C', async () => {
    const out = newFolder();
    waitInTheMiddle();
    const batch = startBatch(out, (lines, child) => {
      if (lines.length !== 8) return;
      child.kill('SIGINT');
      token.release('go-on');
    });
    expect(await batch.ended).toBe(1);
    const summary = summarySchema.parse(batch.lines.at(-1));
    expect(summary).toMatchObject({ failed: 0, stopped: { code: 'signing.batch-cancelled' } });
    expect(summary.signed).toBeGreaterThanOrEqual(8);
    expect(summary.notTried).toBe(COUNT - summary.signed);
    expect(readdirSync(out)).toHaveLength(summary.signed);
    signedOnce(out);
  });
});

describe('resuming', () => {
  const one = async (out: string, input: string, ...more: string[]) => {
    const args = [
      'sign',
      input,
      '--out',
      out,
      '--key',
      hsm.uri('01'),
      '--pin-env',
      'THE_PIN',
      '--json',
      ...more,
    ];
    const result = await anThu(args, { env: env() });
    const [file] = result.json(z.object({ files: z.array(z.looseObject({ state: z.string() })) })).files;
    return { status: result.status, file };
  };

  it('gives the entry of a finished file as if it had been signed now', async () => {
    const out = newFolder();
    const first = await one(out, inputs[0]!);
    const again = await one(out, inputs[0]!, '--resume');
    expect(again.status).toBe(0);
    expect(again.file).toEqual({ ...first.file, state: 'resumed', ms: again.file?.['ms'] });
  });

  it.each([
    ['another document’s signed copy', (signed: Buffer) => Buffer.concat([Buffer.from('%'), signed])],
    ['a copy that was changed', (signed: Buffer) => changed(signed)],
    ['a copy with something behind', (signed: Buffer) => Buffer.concat([signed, Buffer.from('\n% thêm')])],
    ['a copy cut off', (signed: Buffer) => signed.subarray(0, -100)],
    ['the input itself', () => readFileSync(inputs[0]!)],
    ['nothing', () => Buffer.alloc(0)],
  ])('refuses %s at the output and leaves it alone', async (_, change) => {
    const out = newFolder();
    await one(out, inputs[0]!);
    const path = join(out, 'văn bản 0.pdf');
    const strange = change(readFileSync(path));
    writeFileSync(path, strange);
    const again = await one(out, inputs[0]!, '--resume');
    expect(again.status).toBe(73);
    expect(again.file).toMatchObject({ state: 'failed', error: { code: 'general.output-exists' } });
    expect(readFileSync(path).equals(strange)).toBe(true);
  });

  it('refuses a copy that another key signed', async () => {
    const out = newFolder();
    const other = pki.key('rsa-2048', 'other');
    const token = createSoftHsm({
      folder: join(dir, 'hsm-other'),
      keys: [
        {
          id: '01',
          label: 'x',
          privateKeyPem: readFileSync(join(dir, 'other.key'), 'utf8'),
          certificate: other.certificate,
        },
      ],
    });
    const args = [
      'sign',
      inputs[0]!,
      '--out',
      out,
      '--key',
      token.uri('01'),
      '--pin-env',
      'THE_PIN',
      '--json',
    ];
    expect((await anThu(args, { env: { ...token.env, THE_PIN: token.pin } })).status).toBe(0);
    expect((await one(out, inputs[0]!, '--resume')).status).toBe(73);
  });
});

it('two inputs of one name do not end in one file', async () => {
  const out = newFolder();
  const twin = join(dir, 'văn bản 0.pdf');
  writeFileSync(twin, rawPdf({ objects: onePageObjects() }));
  const args = [
    'sign',
    inputs[0]!,
    twin,
    '--out',
    out,
    '--key',
    hsm.uri('01'),
    '--pin-env',
    'THE_PIN',
    '--json',
  ];
  const result = await anThu(args, { env: env() });
  expect(result.status).toBe(1);
  const { files } = result.json(z.object({ files: z.array(z.looseObject({ state: z.string() })) }));
  expect(files.map(({ state }) => state)).toEqual(['signed', 'failed']);
  expect(signedOnce(out)).toEqual(['văn bản 0.pdf']);
});

/** One byte of the update is another one: what is signed is no longer what is there. */
function changed(signed: Buffer): Buffer {
  const copy = Buffer.from(signed);
  copy[copy.lastIndexOf('/Widget') + 3] = 0x42;
  return copy;
}

/** The token host among a process's children. */
function hostOf(child: ChildProcess): number {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(/\s+/);
  const host = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('token-host'));
  if (!host) throw new Error('no token host runs');
  return Number(host);
}
