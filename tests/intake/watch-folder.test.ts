import { appendFile, mkdir, open, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AnThuError } from '../../core/shared/errors.ts';
import { base, claimed, folder, root, smallPdf, states, stoppableClock } from './scan-folder.ts';

describe('a watched scan folder', () => {
  it('takes a file that lay there before the start, after its quiet time', async () => {
    await writeFile(join(root, 'công văn.pdf'), smallPdf);
    const started = performance.now();
    const watched = folder.watch();
    await watched.idle();
    expect(claimed.map((file) => file.originalName)).toEqual(['công văn.pdf']);
    expect(performance.now() - started).toBeGreaterThanOrEqual(60);
    expect(await readFile(claimed[0]?.path ?? '')).toEqual(smallPdf);
    expect(await readdir(root)).toEqual(['.an-thu']);
    expect(folder.stagesOf('công văn.pdf')).toEqual(['settling', 'claimed']);
  });

  it('waits through a stall in the middle of a scan, longer than the quiet time', async () => {
    const watched = folder.watch();
    await watched.idle();
    const path = join(root, 'chậm.pdf');
    await writeFile(path, smallPdf.subarray(0, 40));
    await sleep(300);
    expect(claimed).toEqual([]);
    await writeFile(path, smallPdf);
    await folder.until(() => claimed.length === 1);
    expect(await readFile(claimed[0]?.path ?? '')).toEqual(smallPdf);
  });

  it('takes a preallocated file only when its content is there', async () => {
    const path = join(root, 'trước.pdf');
    const file = await open(path, 'w');
    await file.truncate(smallPdf.length);
    const watched = folder.watch();
    await sleep(200);
    await file.write(smallPdf, 0, 20, 0);
    await sleep(150);
    expect(claimed).toEqual([]);
    await file.write(smallPdf, 20, smallPdf.length - 20, 20);
    await file.close();
    await folder.until(() => claimed.length === 1);
    await watched.idle();
  });

  it('shows a half-written file as incomplete and an empty one as empty, and drops neither', async () => {
    await writeFile(join(root, 'dở.pdf'), smallPdf.subarray(0, 40));
    await writeFile(join(root, 'rỗng.pdf'), '');
    const watched = folder.watch();
    await watched.idle();
    expect(folder.stagesOf('dở.pdf')).toEqual(['settling', 'incomplete']);
    expect(folder.stagesOf('rỗng.pdf')).toEqual(['settling', 'empty']);
    expect(states.find((s) => s.state === 'incomplete')?.error).toMatchObject({
      code: 'intake.incomplete',
      detail: { reason: 'scan.no-end' },
    });
    expect(await readdir(root)).toEqual(expect.arrayContaining(['dở.pdf', 'rỗng.pdf']));
    // To write it anew would make it empty for a moment, which may be seen.
    await appendFile(join(root, 'dở.pdf'), smallPdf.subarray(40));
    await folder.until(() => claimed.length === 1);
    expect(folder.stagesOf('dở.pdf')).toEqual(['settling', 'incomplete', 'settling', 'claimed']);
  });

  it('tells when an unfinished file is taken away by its owner', async () => {
    await writeFile(join(root, 'dở.pdf'), smallPdf.subarray(0, 40));
    const watched = folder.watch();
    await watched.idle();
    await rm(join(root, 'dở.pdf'));
    await watched.rescan();
    await folder.until(() => folder.stagesOf('dở.pdf').at(-1) === 'gone');
  });

  it('leaves temporary and hidden files alone, and takes one once it is renamed to its name', async () => {
    for (const name of ['a.pdf.part', '.b.pdf', '~$c.docx', 'Thumbs.db'])
      await writeFile(join(root, name), smallPdf);
    const watched = folder.watch();
    await watched.idle();
    expect(states).toEqual([]);
    await rename(join(root, 'a.pdf.part'), join(root, 'a.pdf'));
    await folder.until(() => claimed.length === 1);
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
    for (const name of names) await writeFile(join(root, name), smallPdf);
    const watched = folder.watch();
    await watched.idle();
    expect(claimed.map((file) => file.originalName).sort()).toEqual([...names].sort());
    expect(states.filter((s) => /[\n\u202e]/u.test(s.name))).toEqual([]);
  });

  it('shows a file whose name is not UTF-8 instead of dropping it', async () => {
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/x`), Buffer.from([0xff, 0xfe]), Buffer.from('.pdf')]),
      smallPdf,
    );
    const watched = folder.watch();
    await watched.idle();
    await watched.rescan();
    expect(states.map((s) => [s.state, s.error?.code])).toEqual([['unreadable', 'intake.unreadable']]);
  });

  it('never follows a link out of the folder', async () => {
    await writeFile(join(base, 'outside.pdf'), smallPdf);
    await symlink(join(base, 'outside.pdf'), join(root, 'link.pdf'));
    const watched = folder.watch();
    await watched.idle();
    expect(claimed).toEqual([]);
    expect(await readFile(join(base, 'outside.pdf'))).toEqual(smallPdf);
  });

  it('refuses a claim folder that is a link to somewhere else', async () => {
    await mkdir(join(base, 'elsewhere'));
    await symlink(join(base, 'elsewhere'), join(root, '.an-thu'));
    await writeFile(join(root, 'a.pdf'), smallPdf);
    const watched = folder.watch();
    await watched.idle();
    expect(folder.stagesOf('a.pdf')).toEqual(['settling', 'failed']);
    expect(await readdir(join(base, 'elsewhere'))).toEqual([]);
    expect(await readFile(join(root, 'a.pdf'))).toEqual(smallPdf);
  });

  it('finds files by its own listing on a share that sends no events', async () => {
    folder.watch({ mode: 'polling', rescanMs: 50 });
    await sleep(100);
    await mkdir(join(root, '2026'));
    await writeFile(join(root, '2026', 'share.pdf'), smallPdf);
    await folder.until(() => claimed.length === 1);
  });

  it('sees files of sub-folders by events', async () => {
    const watched = folder.watch();
    await watched.idle();
    await sleep(100);
    await mkdir(join(root, 'máy 1'));
    await writeFile(join(root, 'máy 1', 'x.pdf'), smallPdf);
    await folder.until(() => claimed.length === 1);
  });

  it('leaves hidden files below sub-folders alone also when events tell of them', async () => {
    const watched = folder.watch();
    await watched.idle();
    await sleep(100);
    const machine = join(root, 'máy 1');
    await mkdir(join(machine, '.nháp'), { recursive: true });
    for (const name of ['.a.pdf', '~$b.pdf', join('.nháp', 'c.pdf'), 'x.pdf'])
      await writeFile(join(machine, name), smallPdf);
    await folder.until(() => claimed.length === 1);
    await sleep(400);
    await watched.idle();
    expect(new Set(states.map(({ name }) => name))).toEqual(new Set(['x.pdf']));
  });

  it('says when the folder is not there and goes on when it comes', async () => {
    await rm(root, { recursive: true });
    const words: (AnThuError | undefined)[] = [];
    folder.watch({ mode: 'polling', rescanMs: 40, onFolder: (error) => void words.push(error) });
    await folder.until(() => words.length > 0);
    await sleep(120);
    expect(words.map((error) => error?.code)).toEqual(['intake.folder-missing']);
    await mkdir(root);
    await writeFile(join(root, 'a.pdf'), smallPdf);
    await folder.until(() => claimed.length === 1);
    expect(words.at(-1)).toBeUndefined();
  });

  it('keeps a claimed file that could not be handed over, and offers it again', async () => {
    let full = true;
    await writeFile(join(root, 'a.pdf'), smallPdf);
    const clock = stoppableClock();
    const watched = folder.watch({
      clock,
      mode: 'polling',
      rescanMs: 3_600_000,
      onClaimed: async (file) => {
        if (full) throw new AnThuError('intake.claim-failed', { name: 'a.pdf', reason: 'ENOSPC' });
        claimed.push(file);
      },
    });
    await watched.idle();
    expect(folder.stagesOf('a.pdf')).toEqual(['settling', 'claimed', 'failed']);
    // Not because its time has come, but because somebody asks.
    clock.stop();
    full = false;
    await watched.rescan();
    await folder.until(() => claimed.length === 1);
    expect(folder.stagesOf('a.pdf').at(-1)).toBe('claimed');
  });

  it('takes a second file of the same name as another file', async () => {
    const watched = folder.watch();
    for (const content of [smallPdf, Buffer.concat([smallPdf, Buffer.from('\n')])]) {
      await writeFile(join(root, 'scan.pdf'), content);
      await watched.rescan();
      await watched.idle();
    }
    expect(new Set(claimed.map((file) => file.path)).size).toBe(2);
  });
});
