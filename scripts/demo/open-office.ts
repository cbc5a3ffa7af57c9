import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { vietnamDate } from '../../core/shared/clock.ts';
import { findClamd } from '../lib/clamd.ts';
import { makeSampleScans, makeUrgentScan } from '../samples/index.ts';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { runPaperArrival, type ScanInput } from './paper-arrival.ts';
import { sendEDocument } from './electronic-arrival.ts';
import { createWorkplace, DEMO_PIN, reopenWorkplace, unlockSampleKey, type Workplace } from './workplace.ts';

/**
 * Keeps a sample office's services running for the window: `open-office.ts [ROOT]`. With a folder, the office that
 * a demo kept there; without, a new one with scans waiting in its folder and a package in its inbox. Prints one
 * JSON line `{"dataDir", "engineEnv", "pin"}` when everything listens, and ends with its standard input.
 */
const outFolder = resolve(import.meta.dirname, '../../out/demo');

async function newOffice(): Promise<Workplace> {
  await mkdir(outFolder, { recursive: true });
  const root = await mkdtemp(join(outFolder, 'van-phong-'));
  const scanner = findClamd() ? 'clamd' : 'left-out';
  if (scanner === 'left-out') {
    process.stderr.write('!!! Không tìm thấy clamd: văn phòng mẫu này KHÔNG KIỂM TRA VI-RÚT. !!!\n');
  }
  const workplace = await createWorkplace({ root, key: 'soft-token', scanner });
  const folder = join(root, 'mau');
  const options = {
    seed: Number(process.env['AN_THU_DEMO_SEED'] ?? 7),
    today: vietnamDate(new Date()),
    names: { commune: 'Hòa Thịnh', province: 'An Lạc' },
    truthDir: join(folder, 'dap-an'),
  };
  const [first, second, third] = await makeSampleScans(folder, options);
  const urgent = await makeUrgentScan(folder, options);
  // A day's work lies in the register already; the rest waits for the clerk.
  await workOff(
    workplace,
    [first, second].filter((scan) => scan !== undefined),
  );
  for (const scan of [third, urgent]) {
    if (scan) await copyFile(scan.path, join(workplace.scanFolder, basename(scan.path)));
  }
  await sendEDocument(workplace, join(root, 'van-ban-di-cua-tinh'), options.seed + 2);
  await writeFile(join(outFolder, 'last-data-dir'), `${workplace.dataDir}\n`);
  return workplace;
}

async function workOff(workplace: Workplace, scans: readonly ScanInput[]): Promise<void> {
  const engine = await openEngine({
    dataDir: workplace.dataDir,
    spawner: createNodeSpawner(),
  });
  try {
    await unlockSampleKey(engine, workplace.keyUri);
    for (const scan of scans) await runPaperArrival(engine, workplace, scan, () => undefined);
  } finally {
    await engine.close();
  }
}

const [given] = process.argv.slice(2);
const workplace = given === undefined ? await newOffice() : await reopenWorkplace(resolve(given));
const { dataDir, engineEnv } = workplace;
process.stdout.write(`${JSON.stringify({ dataDir, engineEnv, pin: DEMO_PIN })}\n`);
process.stdin.resume();
const end = () => void workplace.stop().then(() => process.exit(0));
process.stdin.on('end', end);
process.on('SIGTERM', end);
process.on('SIGINT', end);
