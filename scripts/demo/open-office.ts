import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { vietnamDate } from '../../core/shared/clock.ts';
import { findClamd } from '../lib/clamd.ts';
import { makeSampleScans, makeUrgentScan } from '../samples/index.ts';
import { sendEDocument } from './electronic-arrival.ts';
import { createWorkplace, DEMO_PIN, reopenWorkplace, type Workplace } from './workplace.ts';

/**
 * Keeps a sample office's services running for the window: `open-office.ts [ROOT]`. With a folder, the office that
 * a demo kept there; without, a new one with scans waiting in its folder and a package in its inbox. Prints one
 * JSON line `{"dataDir", "pin"}` when everything listens, and ends with its standard input.
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
  const scans = [...(await makeSampleScans(folder, options)), await makeUrgentScan(folder, options)];
  for (const { path } of scans) await copyFile(path, join(workplace.scanFolder, basename(path)));
  await sendEDocument(workplace, join(root, 'van-ban-di-cua-tinh'), options.seed + 2);
  await writeFile(join(outFolder, 'last-data-dir'), `${workplace.dataDir}\n`);
  return workplace;
}

const [given] = process.argv.slice(2);
const workplace = given === undefined ? await newOffice() : await reopenWorkplace(resolve(given));
process.stdout.write(`${JSON.stringify({ dataDir: workplace.dataDir, pin: DEMO_PIN })}\n`);
process.stdin.resume();
const end = () => void workplace.stop().then(() => process.exit(0));
process.stdin.on('end', end);
process.on('SIGTERM', end);
process.on('SIGINT', end);
