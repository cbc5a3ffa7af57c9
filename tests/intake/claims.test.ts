import { spawn } from 'node:child_process';
import {
  chmod,
  mkdir,
  open,
  readFile,
  readdir,
  statfs,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type ClaimedFile,
  claimByCopy,
  claimedUnchanged,
  listClaimed,
  listCopied,
  releaseClaimed,
} from '../../core/intake/claim-store.ts';
import type { CandidateState } from '../../core/intake/watched-folder.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { base, claimed, folder, root, smallPdf, states, us } from './scan-folder.ts';

describe('claims', () => {
  it('of a file whose writer goes on after the rename are not handed over half', async () => {
    const path = join(root, 'a.pdf');
    await writeFile(path, smallPdf);
    const writer = await open(path, 'r+');
    let first = true;
    const watched = folder.watch({
      onClaimed: async (file) => {
        if (!(await claimedUnchanged(file))) throw new Error('must not come to this');
        if (first) {
          first = false;
          await writer.truncate(0);
          await writer.write(smallPdf, 0, 40, 0);
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
    await writer.write(smallPdf, 0, smallPdf.length, 0);
    await writer.close();
    await watched.rescan();
    await folder.until(() => claimed.length === 1);
    expect(await readFile(claimed[0]?.path ?? '')).toEqual(smallPdf);
  });

  it('are found again after a crash between claim and record, and are put aside once recorded', async () => {
    await writeFile(join(root, 'a.pdf'), smallPdf);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'claim-in-folder.ts'), root], {
      env: { ...process.env, AN_THU_FAILPOINT: 'intake.after-claim' },
      stdio: 'ignore',
    });
    const end = await new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    // Windows knows no signals: who is killed there ends with status 1.
    expect(end).toBe(process.platform === 'win32' ? 1 : 'SIGKILL');
    const left = await listClaimed(root, us.id);
    expect(left.map((file) => file.originalName)).toEqual(['a.pdf']);
    const clock = { now: () => new Date('2026-11-21T18:00:00Z'), monotonic: () => 0 };
    const kept = await releaseClaimed(left[0]?.path ?? '', { clock });
    expect(kept).toContain(join('.an-thu', us.id, 'da-nhan', '2026-11-22'));
    expect(await readFile(kept)).toEqual(smallPdf);
    expect(await releaseClaimed(left[0]?.path ?? '', { clock })).toBe(kept);
    expect(await listClaimed(root, us.id)).toEqual([]);
  });

  it('are made once for each of many files when two processes race', async () => {
    const count = 300;
    for (let n = 0; n < count; n++) await writeFile(join(root, `scan ${n}.pdf`), smallPdf);
    const owners = ['so-may-1', 'so-may-2'];
    const runs = await Promise.all(owners.map((owner) => runClaimer(root, '', '', owner)));
    const names = runs.flatMap((lines) =>
      lines.flatMap((line) => (line.claimed ? [line.claimed.originalName] : [])),
    );
    expect(names.length).toBe(count);
    expect(new Set(names).size).toBe(count);
    const held = await Promise.all(owners.map((owner) => listClaimed(root, owner)));
    expect(
      held
        .flat()
        .map(({ originalName }) => originalName)
        .sort(),
    ).toEqual(names.sort());
    expect(await readdir(root)).toEqual(['.an-thu']);
  });

  it('copy from a folder without write access, leave the source, and remember it', async () => {
    await writeFile(join(root, 'a.pdf'), smallPdf);
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
    expect(await readFile(files[0]?.path ?? '')).toEqual(smallPdf);
    expect(await readFile(join(root, 'a.pdf'))).toEqual(smallPdf);
    expect(files[0]?.copiedFrom).toMatchObject({ path: join(root, 'a.pdf'), size: smallPdf.length });
    expect(await listCopied(copies)).toEqual(files);
  });

  it('of other files go on when a sub-folder cannot be opened, which is told', async () => {
    await chmod(base, 0o755);
    await chmod(root, 0o777);
    await mkdir(join(root, 'kín'), { mode: 0o700 });
    const uid = process.getuid?.() === 0 ? '65534' : '';
    if (uid === '') await chmod(join(root, 'kín'), 0);
    await writeFile(join(root, 'a.pdf'), smallPdf);
    const lines = await runClaimer(root, '', uid);
    await chmod(join(root, 'kín'), 0o700);
    expect(lines.flatMap((line) => line.claimed?.originalName ?? [])).toEqual(['a.pdf']);
    expect(lines.flatMap((line) => line.state?.error?.code ?? [])).toEqual(['intake.subfolder-unreadable']);
  });

  it('do not begin a copy that would leave the register no room on its disk', async () => {
    await mkdir(join(base, 'copies'));
    const { bavail, bsize } = await statfs(base);
    await writeFile(join(root, 'a.pdf'), smallPdf);
    // Twice what is free: other tests may give some back meanwhile.
    await truncate(join(root, 'a.pdf'), 2 * bavail * bsize);
    await expect(claimByCopy(join(base, 'copies'), join(root, 'a.pdf'))).rejects.toMatchObject({
      code: 'store.disk-full',
    });
    expect(await readdir(join(base, 'copies'))).toEqual([]);
  });

  it('keep a copied file whose name is that of the note beside it', async () => {
    await mkdir(join(base, 'copies'));
    for (const name of ['nguon.json', 'a.pdf']) {
      await writeFile(join(root, name), smallPdf);
      const outcome = await claimByCopy(join(base, 'copies'), join(root, name));
      if (outcome.kind !== 'claimed') throw new Error(outcome.kind);
      expect(await readFile(outcome.file.path)).toEqual(smallPdf);
    }
    const left = await listCopied(join(base, 'copies'));
    expect(left.map(({ originalName }) => originalName)).toEqual(['nguon.json', 'a.pdf']);
    expect(left.map(({ copiedFrom }) => copiedFrom?.path)).toEqual([
      join(root, 'nguon.json'),
      join(root, 'a.pdf'),
    ]);
  });

  it('are not seen in a folder that a scanner named the way we name claims', async () => {
    const ofScanner = join(root, '0193f0aa-1111-7222-8333-444455556666');
    await mkdir(ofScanner);
    await writeFile(join(ofScanner, 'half.pdf'), smallPdf.subarray(0, 20));
    expect(await listClaimed(root, us.id)).toEqual([]);
  });

  it('are not followed through a link in place of our folder', async () => {
    const elsewhere = join(base, 'elsewhere', '0193f0aa-1111-7222-8333-444455556666');
    await mkdir(elsewhere, { recursive: true });
    await writeFile(join(elsewhere, 'not-of-the-share.pdf'), smallPdf);
    await symlink(join(base, 'elsewhere'), join(root, '.an-thu'), 'junction');
    expect(await listClaimed(root, us.id)).toEqual([]);
    await unlink(join(root, '.an-thu'));
    await mkdir(join(root, '.an-thu'));
    await symlink(elsewhere, join(root, '.an-thu', '0193f0aa-1111-7222-8333-444455557777'), 'junction');
    expect(await listClaimed(root, us.id)).toEqual([]);
  });

  it('do not take a copied file again when it is remembered', async () => {
    await mkdir(join(base, 'elsewhere'));
    await symlink(join(base, 'elsewhere'), join(root, '.an-thu'));
    await writeFile(join(root, 'a.pdf'), smallPdf);
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
      const watched = folder.watch(options);
      await watched.idle();
      await watched.rescan();
      await watched.idle();
      await watched.close();
    }
    expect(claimed.length).toBe(1);
    await truncate(join(root, 'a.pdf'), 0);
    await writeFile(join(root, 'a.pdf'), Buffer.concat([smallPdf, Buffer.from('\n')]));
    await folder.watch(options).idle();
    expect(claimed.length).toBe(2);
  });
});

interface Line {
  claimed?: ClaimedFile;
  state?: CandidateState;
}

function runClaimer(folder: string, copies = '', uid = '', owner = us.id): Promise<Line[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'claim-in-folder.ts'), folder, copies, uid, owner],
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
