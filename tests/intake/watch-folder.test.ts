import { spawn } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ClaimedFile,
  claimByRename,
  claimedUnchanged,
  listClaimed,
  releaseClaimed,
} from '../../core/intake/claim-store.ts';
import {
  type CandidateState,
  type WatchFolderOptions,
  type WatchedFolder,
  watchFolder,
} from '../../core/intake/watch-folder.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { AnThuError } from '../../core/shared/errors.ts';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj <<>> endobj\nxref\n0 1\ntrailer <<>>\nstartxref\n29\n%%EOF\n');

let base: string;
let root: string;
let claimed: ClaimedFile[];
let states: CandidateState[];
const watching: WatchedFolder[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'an-thu-intake-'));
  root = join(base, 'quét');
  await mkdir(root);
  claimed = [];
  states = [];
});

afterEach(async () => {
  for (const watched of watching.splice(0)) await watched.close();
  await rm(base, { recursive: true, force: true });
});

function watch(options: Partial<WatchFolderOptions> = {}): WatchedFolder {
  const watched = watchFolder({
    root,
    settle: { quietMs: 60, incompleteAfterMs: 400 },
    clock: systemClock,
    onClaimed: async (file) => void claimed.push(file),
    onState: (state) => void states.push(state),
    ...options,
  });
  watching.push(watched);
  return watched;
}

async function until(condition: () => boolean, ms = 4000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end)
      throw new Error(`not within ${ms} ms; states: ${states.map((s) => s.state).join(' ')}`);
    await sleep(10);
  }
}

const stagesOf = (name: string): string[] =>
  states.filter((s) => basename(s.path) === name).map((s) => s.state);

describe('a watched scan folder', () => {
  it('takes a file that lay there before the start, after its quiet time', async () => {
    await writeFile(join(root, 'công văn.pdf'), PDF);
    const started = performance.now();
    const watched = watch();
    await watched.idle();
    expect(claimed.map((file) => file.originalName)).toEqual(['công văn.pdf']);
    expect(performance.now() - started).toBeGreaterThanOrEqual(60);
    expect(await readFile(claimed[0]?.path ?? '')).toEqual(PDF);
    expect(await readdir(root)).toEqual(['.an-thu']);
    expect(stagesOf('công văn.pdf')).toEqual(['settling', 'claimed']);
  });

  it('waits through a stall in the middle of a scan, longer than the quiet time', async () => {
    const watched = watch();
    await watched.idle();
    const path = join(root, 'chậm.pdf');
    await writeFile(path, PDF.subarray(0, 40));
    await sleep(300);
    expect(claimed).toEqual([]);
    await writeFile(path, PDF);
    await until(() => claimed.length === 1);
    expect(await readFile(claimed[0]?.path ?? '')).toEqual(PDF);
  });

  it('takes a preallocated file only when its content is there', async () => {
    const path = join(root, 'trước.pdf');
    const file = await open(path, 'w');
    await file.truncate(PDF.length);
    const watched = watch();
    await sleep(200);
    await file.write(PDF, 0, 20, 0);
    await sleep(150);
    expect(claimed).toEqual([]);
    await file.write(PDF, 20, PDF.length - 20, 20);
    await file.close();
    await until(() => claimed.length === 1);
    await watched.idle();
  });

  it('shows a half-written file as incomplete and an empty one as empty, and drops neither', async () => {
    await writeFile(join(root, 'dở.pdf'), PDF.subarray(0, 40));
    await writeFile(join(root, 'rỗng.pdf'), '');
    const watched = watch();
    await watched.idle();
    expect(stagesOf('dở.pdf')).toEqual(['settling', 'incomplete']);
    expect(stagesOf('rỗng.pdf')).toEqual(['settling', 'empty']);
    expect(states.find((s) => s.state === 'incomplete')?.error).toMatchObject({
      code: 'intake.incomplete',
      detail: { reason: 'no startxref and %%EOF at the end' },
    });
    expect(await readdir(root)).toEqual(expect.arrayContaining(['dở.pdf', 'rỗng.pdf']));
    await writeFile(join(root, 'dở.pdf'), PDF);
    await until(() => claimed.length === 1);
    expect(stagesOf('dở.pdf')).toEqual(['settling', 'incomplete', 'settling', 'claimed']);
  });

  it('tells when an unfinished file is taken away by its owner', async () => {
    await writeFile(join(root, 'dở.pdf'), PDF.subarray(0, 40));
    const watched = watch();
    await watched.idle();
    await rm(join(root, 'dở.pdf'));
    await watched.rescan();
    await until(() => stagesOf('dở.pdf').at(-1) === 'gone');
  });

  it('leaves temporary and hidden files alone, and takes one once it is renamed to its name', async () => {
    for (const name of ['a.pdf.part', '.b.pdf', '~$c.docx', 'Thumbs.db'])
      await writeFile(join(root, name), PDF);
    const watched = watch();
    await watched.idle();
    expect(states).toEqual([]);
    const { rename } = await import('node:fs/promises');
    await rename(join(root, 'a.pdf.part'), join(root, 'a.pdf'));
    await until(() => claimed.length === 1);
  });

  it('takes files with hostile names, keeping the name as data and showing it harmlessly', async () => {
    const names = [
      'a\nb.pdf',
      'mời\u202efdp.exe',
      `${'ă'.repeat(125)}.pdf`,
      'CON',
      'x .pdf.',
      '-rf',
      '$(reboot).pdf',
    ];
    expect(Buffer.byteLength(names[2] ?? '')).toBeGreaterThan(250);
    for (const name of names) await writeFile(join(root, name), PDF);
    const watched = watch();
    await watched.idle();
    expect(claimed.map((file) => file.originalName).sort()).toEqual([...names].sort());
    expect(states.filter((s) => /[\n\u202e]/u.test(s.name))).toEqual([]);
  });

  it('shows a file whose name is not UTF-8 instead of dropping it', async () => {
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/x`), Buffer.from([0xff, 0xfe]), Buffer.from('.pdf')]),
      PDF,
    );
    const watched = watch();
    await watched.idle();
    await watched.rescan();
    expect(states.map((s) => [s.state, s.error?.code])).toEqual([['unreadable', 'intake.unreadable']]);
  });

  it('never follows a link out of the folder', async () => {
    await writeFile(join(base, 'outside.pdf'), PDF);
    await symlink(join(base, 'outside.pdf'), join(root, 'link.pdf'));
    const watched = watch();
    await watched.idle();
    expect(claimed).toEqual([]);
    expect(await readFile(join(base, 'outside.pdf'))).toEqual(PDF);
  });

  it('refuses a claim folder that is a link to somewhere else', async () => {
    await mkdir(join(base, 'elsewhere'));
    await symlink(join(base, 'elsewhere'), join(root, '.an-thu'));
    await writeFile(join(root, 'a.pdf'), PDF);
    const watched = watch();
    await watched.idle();
    expect(stagesOf('a.pdf')).toEqual(['settling', 'failed']);
    expect(await readdir(join(base, 'elsewhere'))).toEqual([]);
    expect(await readFile(join(root, 'a.pdf'))).toEqual(PDF);
  });

  it('finds files by its own listing on a share that sends no events', async () => {
    watch({ mode: 'polling', rescanMs: 50 });
    await sleep(100);
    await mkdir(join(root, '2026'));
    await writeFile(join(root, '2026', 'share.pdf'), PDF);
    await until(() => claimed.length === 1);
  });

  it('sees files of sub-folders by events', async () => {
    const watched = watch();
    await watched.idle();
    await sleep(100);
    await mkdir(join(root, 'máy 1'));
    await writeFile(join(root, 'máy 1', 'x.pdf'), PDF);
    await until(() => claimed.length === 1);
  });

  it('says when the folder is not there and goes on when it comes', async () => {
    await rm(root, { recursive: true });
    const words: (AnThuError | undefined)[] = [];
    watch({ mode: 'polling', rescanMs: 40, onFolder: (error) => void words.push(error) });
    await sleep(120);
    expect(words.map((error) => error?.code)).toEqual(['intake.folder-missing']);
    await mkdir(root);
    await writeFile(join(root, 'a.pdf'), PDF);
    await until(() => claimed.length === 1);
    expect(words.at(-1)).toBeUndefined();
  });

  it('keeps a claimed file that could not be handed over, and offers it again', async () => {
    let full = true;
    await writeFile(join(root, 'a.pdf'), PDF);
    const watched = watch({
      onClaimed: async (file) => {
        if (full) throw new AnThuError('intake.claim-failed', { name: 'a.pdf', reason: 'ENOSPC' });
        claimed.push(file);
      },
    });
    await watched.idle();
    expect(stagesOf('a.pdf')).toEqual(['settling', 'claimed', 'failed']);
    full = false;
    await watched.rescan();
    await until(() => claimed.length === 1);
    expect(stagesOf('a.pdf').at(-1)).toBe('claimed');
  });

  it('takes a second file of the same name as another file', async () => {
    const watched = watch();
    for (const content of [PDF, Buffer.concat([PDF, Buffer.from('\n')])]) {
      await writeFile(join(root, 'scan.pdf'), content);
      await watched.rescan();
      await watched.idle();
    }
    expect(new Set(claimed.map((file) => file.path)).size).toBe(2);
  });
});

describe('claims', () => {
  it('of a file whose writer goes on after the rename are not handed over half', async () => {
    const path = join(root, 'a.pdf');
    await writeFile(path, PDF);
    const writer = await open(path, 'r+');
    let first = true;
    const watched = watch({
      onClaimed: async (file) => {
        if (!(await claimedUnchanged(file))) throw new Error('must not come to this');
        if (first) {
          first = false;
          await writer.truncate(0);
          await writer.write(PDF, 0, 40, 0);
          expect(await claimedUnchanged(file)).toBe(false);
          throw new AnThuError('intake.claim-failed', {
            name: 'a.pdf',
            reason: 'changed while it was copied',
          });
        }
        claimed.push(file);
      },
    });
    await watched.idle();
    await watched.rescan();
    await sleep(50);
    await watched.idle();
    expect(states.at(-1)?.error?.code).toBe('intake.incomplete');
    await writer.write(PDF, 0, PDF.length, 0);
    await writer.close();
    await watched.rescan();
    await until(() => claimed.length === 1);
    expect(await readFile(claimed[0]?.path ?? '')).toEqual(PDF);
  });

  it('are found again after a crash between claim and record, and are put aside once recorded', async () => {
    await writeFile(join(root, 'a.pdf'), PDF);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'claim-in-folder.ts'), root], {
      env: { ...process.env, AN_THU_FAILPOINT: 'intake.after-claim' },
      stdio: 'ignore',
    });
    const signal = await new Promise((resolve) => child.once('exit', (_, name) => resolve(name)));
    expect(signal).toBe('SIGKILL');
    const left = await listClaimed(root);
    expect(left.map((file) => file.originalName)).toEqual(['a.pdf']);
    const clock = { now: () => new Date('2026-11-21T18:00:00Z'), monotonic: () => 0 };
    const kept = await releaseClaimed(left[0]?.path ?? '', { clock });
    expect(kept).toContain(join('.an-thu', 'da-nhan', '2026-11-22'));
    expect(await readFile(kept)).toEqual(PDF);
    expect(await releaseClaimed(left[0]?.path ?? '', { clock })).toBe(kept);
    expect(await listClaimed(root)).toEqual([]);
  });

  it('of two installations on one share are not each other’s left-overs', async () => {
    await writeFile(join(root, 'a.pdf'), PDF);
    await claimByRename(root, join(root, 'a.pdf'), { owner: 'may-1' });
    expect(await listClaimed(root, { owner: 'may-2' })).toEqual([]);
    expect(await listClaimed(root)).toEqual([]);
    expect((await listClaimed(root, { owner: 'may-1' })).length).toBe(1);
  });

  it('are made once for each of many files when two processes race', async () => {
    const count = 300;
    for (let n = 0; n < count; n++) await writeFile(join(root, `scan ${n}.pdf`), PDF);
    const runs = await Promise.all([runClaimer(root), runClaimer(root)]);
    const names = runs.flatMap((lines) =>
      lines.flatMap((line) => (line.claimed ? [line.claimed.originalName] : [])),
    );
    expect(names.length).toBe(count);
    expect(new Set(names).size).toBe(count);
    expect((await listClaimed(root)).length).toBe(count);
    expect(await readdir(root)).toEqual(['.an-thu']);
  }, 20_000);

  it('copy from a folder without write access, leave the source, and remember it', async () => {
    await writeFile(join(root, 'a.pdf'), PDF);
    const copies = join(base, 'copies');
    await mkdir(copies);
    await chmod(base, 0o755);
    await chmod(copies, 0o777);
    await chmod(root, 0o555);
    const lines = await runClaimer(root, copies, process.getuid?.() === 0 ? '65534' : '');
    await chmod(root, 0o755);
    expect(lines.flatMap((line) => line.state?.error?.code ?? [])).toEqual(['intake.folder-read-only']);
    const files = lines.flatMap((line) => line.claimed ?? []);
    expect(files.length).toBe(1);
    expect(await readFile(files[0]?.path ?? '')).toEqual(PDF);
    expect(await readFile(join(root, 'a.pdf'))).toEqual(PDF);
    expect(files[0]?.copiedFrom).toMatchObject({ path: join(root, 'a.pdf'), size: PDF.length });
    expect(await listClaimed(copies)).toEqual(files);
  });

  it('do not take a copied file again when it is remembered', async () => {
    await mkdir(join(base, 'elsewhere'));
    await symlink(join(base, 'elsewhere'), join(root, '.an-thu'));
    await writeFile(join(root, 'a.pdf'), PDF);
    const memory = new Map<string, string>();
    const key = (id: { ino: number; size: number; mtimeMs: number }): string =>
      `${id.ino} ${id.size} ${id.mtimeMs}`;
    const options = {
      copyFolder: join(base, 'copies'),
      taken: {
        isTaken: (id: { ino: number; size: number; mtimeMs: number }) => memory.has(key(id)),
        remember: (id: { ino: number; size: number; mtimeMs: number; sha256: string }) =>
          void memory.set(key(id), id.sha256),
      },
    };
    for (let start = 0; start < 2; start++) {
      const watched = watch(options);
      await watched.idle();
      await watched.rescan();
      await watched.idle();
      await watched.close();
    }
    expect(claimed.length).toBe(1);
    await truncate(join(root, 'a.pdf'), 0);
    await writeFile(join(root, 'a.pdf'), Buffer.concat([PDF, Buffer.from('\n')]));
    await watch(options).idle();
    expect(claimed.length).toBe(2);
  });
});

interface Line {
  claimed?: ClaimedFile;
  state?: CandidateState;
}

function runClaimer(folder: string, copies = '', uid = ''): Promise<Line[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'claim-in-folder.ts'), folder, copies, uid],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`claimer ended with ${code}`));
      else resolve(output.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Line] : [])));
    });
  });
}
