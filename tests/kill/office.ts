import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  patchSettings,
  readSettings,
  type SettingsPatch,
  writeSettings,
} from '../../core/engine/settings.ts';
import { CLAIM_FOLDER } from '../../core/intake/ignored-names.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { createWorkplace, DEMO_PIN, type Workplace } from '../../scripts/demo/workplace.ts';
import { type Dropped, checkInvariants } from './invariants.ts';
import type { Failpoint } from './failpoints.ts';
import { dropFile, letterPdf, packageOf } from './stimuli.ts';

/** How a run of the engine's process ended. */
export interface RunEnd {
  readonly ended: 'done' | 'killed' | 'failed';
  readonly output: string;
  readonly ms: number;
}

const runner = join(import.meta.dirname, 'engine-runner.ts');
/** No honest run takes longer on a busy machine. */
const RUN_LIMIT_MS = 120_000;

/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:1/';

function adjustSettings(dataDir: string, patch: SettingsPatch): void {
  const database = Database.open(dataFolderAt(dataDir).database);
  writeSettings(database, patchSettings(readSettings(database), patch));
  database.close();
}

/** A sample office whose engine is killed again and again, with a record of everything that was put into it. */
export class KillOffice {
  readonly workplace: Workplace;
  readonly #dropped: Dropped[] = [];
  /** A scan folder from which nothing can be moved. */
  readonly #fixedFolder: string;
  readonly #seed: number;

  private constructor(workplace: Workplace, fixedFolder: string, seed: number) {
    this.workplace = workplace;
    this.#fixedFolder = fixedFolder;
    this.#seed = seed;
  }

  static async create(seed: number, scanner: 'clamd' | 'left-out' = 'left-out'): Promise<KillOffice> {
    const root = await mkdtemp(join(tmpdir(), 'an-thu-kill-'));
    const workplace = await createWorkplace({
      root,
      key: 'soft-token',
      scanner,
    });
    const fixedFolder = join(root, 'may-quet-khong-cho-chuyen');
    await mkdir(fixedFolder);
    // A file in the place of our folder for claims: nothing can be moved there, so scans are copied.
    await writeFile(join(fixedFolder, CLAIM_FOLDER), '');
    // Two scan folders; and the settling time of the sample office is for people, here nobody writes slowly.
    adjustSettings(workplace.dataDir, {
      settle: { quietMs: 60 },
      watchedFolders: [workplace.scanFolder, fixedFolder].map((path) => ({ path, polling: false })),
    });
    return new KillOffice(workplace, fixedFolder, seed);
  }

  /** Puts in what makes the engine pass the failpoint. */
  async feed(failpoint: Failpoint): Promise<void> {
    const number = this.#dropped.length + 1;
    const name = `${String(number).padStart(3, '0')}-${failpoint.name}.pdf`;
    const bytes = await letterPdf(
      this.#seed * 1000 + number,
      failpoint.needs === 'secret' ? 'secret' : 'open',
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (failpoint.needs === 'package') {
      const edxml = packageOf(number, bytes);
      await this.workplace.server.inboxPut(this.workplace.officeId, edxml);
      const packageSha256 = createHash('sha256').update(edxml).digest('hex');
      this.#dropped.push({ kind: 'package', name: failpoint.name, sha256, packageSha256 });
    } else if (failpoint.needs === 'late-timestamp') {
      // What earlier deaths left is finished first: only this letter is to miss its timestamp.
      const before = await this.run();
      if (before.ended !== 'done') throw new Error(`before the TSA went away: ${before.output}`);
      adjustSettings(this.workplace.dataDir, { signing: { tsaUrl: NOBODY } });
      await dropFile(this.workplace.scanFolder, name, bytes);
      const end = await this.#start(['--leave-level']);
      if (end.ended !== 'done') throw new Error(`sealing without a TSA: ${end.output}`);
      adjustSettings(this.workplace.dataDir, { signing: { tsaUrl: this.workplace.tsaUrl } });
      this.#dropped.push({ kind: failpoint.needs, name, sha256, packageSha256: null });
    } else {
      const folder = failpoint.needs === 'copied-scan' ? this.#fixedFolder : this.workplace.scanFolder;
      await dropFile(folder, name, bytes);
      this.#dropped.push({ kind: failpoint.needs, name, sha256, packageSha256: null });
    }
  }

  /** Runs the engine until it has nothing left to do or the failpoint kills it. */
  run(failpoint?: { name: string; skip?: number }): Promise<RunEnd> {
    return this.#start([], failpoint);
  }

  #start(more: readonly string[], failpoint?: { name: string; skip?: number }): Promise<RunEnd> {
    const { dataDir, keyUri } = this.workplace;
    // Every run starts the same programs: what Node makes of their source is kept from one run to the next.
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(this.workplace.root, 'compile-cache'),
    };
    delete env['AN_THU_FAILPOINT'];
    delete env['AN_THU_FAILPOINT_SKIP'];
    if (failpoint) {
      env['AN_THU_FAILPOINT'] = failpoint.name;
      env['AN_THU_FAILPOINT_SKIP'] = String(failpoint.skip ?? 0);
    }
    const started = performance.now();
    const args = [runner, '--data', dataDir, '--key', keyUri, '--pin', DEMO_PIN, ...more];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    return new Promise((resolve) => {
      let tooLong = false;
      const limit = setTimeout(() => {
        tooLong = true;
        child.kill('SIGKILL');
      }, RUN_LIMIT_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(limit);
        const text = Buffer.concat(output).toString();
        const done = code === 0 && text.includes('done');
        const ended = done ? 'done' : signal === 'SIGKILL' && !tooLong ? 'killed' : 'failed';
        resolve({
          ended,
          output: tooLong ? `${text}\nran for too long` : text,
          ms: performance.now() - started,
        });
      });
    });
  }

  /** Problems found; none when everything that was put in was finished once. */
  check(): Promise<string[]> {
    return checkInvariants(this.workplace, this.#dropped);
  }

  async close(): Promise<void> {
    await this.workplace.stop();
    await rm(this.workplace.root, { recursive: true, force: true });
  }
}
