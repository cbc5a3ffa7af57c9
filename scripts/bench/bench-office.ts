import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealPin } from '../../core/contract/seal-pin.ts';
import type { ArrivalFields } from '../../core/contract/intake.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { makeSampleScans } from '../samples/index.ts';
import { createWorkplace, DEMO_PIN, type Workplace, type WorkplaceOptions } from '../demo/workplace.ts';

/** A sample office in a folder of its own that is removed whatever happens. */
export async function withOffice<T>(
  options: Omit<WorkplaceOptions, 'root'>,
  work: (workplace: Workplace) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'an-thu-bench-'));
  let workplace: Workplace | undefined;
  try {
    workplace = await createWorkplace({ root, ...options });
    return await work(workplace);
  } finally {
    await workplace?.stop();
    await rm(root, { recursive: true, force: true });
  }
}

export async function unlock(engine: Pick<Engine, 'call'>, keyUri: string): Promise<void> {
  const pinKey = await engine.call('token.pin-key', { keyUri });
  await engine.call('token.unlock', { keyUri, sealedPin: await sealPin(pinKey, DEMO_PIN) });
}

/** One-page colour scan (PDF, 200 dpi) as a scanner makes it, once a run. */
export async function sampleLetter(folder: string): Promise<Buffer> {
  const shape = { form: 'pdf', dpi: 200 } as const;
  const jpeg = { form: 'jpeg', dpi: 200 } as const;
  const [first] = await makeSampleScans(folder, {
    seed: 5,
    today: '2026-11-21',
    shapes: [shape, jpeg, jpeg],
  });
  if (!first) throw new Error('no sample was made');
  return readFile(first.path);
}

/** Where the four bytes of a PDF's binary comment lie in the samples' header. */
const COMMENT_AT = 10;

/** The same letter with other bytes in its header's comment, so that it is another file: no duplicate, the same work. */
export function variant(pdf: Buffer, index: number): Buffer {
  const copy = Buffer.from(pdf);
  for (let byte = 0; byte < 4; byte++) copy[COMMENT_AT + byte] = 0x80 + ((index >> (7 * byte)) & 0x7f);
  return copy;
}

/** Puts a file into the watched folder as a scanner does: part file, then its name. */
export async function drop(workplace: Workplace, name: string, bytes: Buffer): Promise<void> {
  const part = join(workplace.scanFolder, `.${name}.part`);
  await writeFile(part, bytes);
  await rename(part, join(workplace.scanFolder, name));
}

/** What a clerk would have confirmed for the `index`-th letter. */
export function letterFields(index: number): ArrivalFields {
  return {
    issuer: 'Ủy ban nhân dân tỉnh An Lạc',
    docNumber: String(1000 + index),
    docNotation: 'UBND-VP',
    docDate: '2026-11-19',
    typeName: 'Công văn',
    subject: 'V/v triển khai công tác phòng, chống thiên tai',
    receiver: '',
    note: '',
    urgency: 'thuong',
    dueDate: null,
    signerName: 'Nguyễn Văn An',
  };
}
