import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine.ts';
import { inboxFile, MANIFEST, MAX_MANIFEST_BYTES, SEAL } from '../../core/sync/media/format.ts';
import { sealOf } from '../../core/sync/media/seal.ts';
import { queueOf } from './media-office.ts';
import { exported, imported, letter, queuedWorld, rewrite } from './media-steps.ts';
import { codeOf, commune, province } from './office.ts';

const world = queuedWorld();

describe('what the province hands back', () => {
  let engine: Engine;
  let answer: string;
  let exports: string;
  let letters: string[];
  const fresh = () => {
    const stick = world.folder();
    const copy = join(stick, basename(answer));
    cpSync(answer, copy, { recursive: true });
    return { stick, copy };
  };
  beforeAll(async () => {
    const server = await world.province();
    letters = [];
    for (const name of ['một', 'hai'])
      letters.push((await server.inboxPut(commune.officeId, letter(name))).sha256);
    engine = await world.engine(world.copy(), 'work');
    exports = world.folder();
    const made = await exported(engine, exports);
    answer = (await server.atDesk({ from: made.path, into: world.folder() })).path;
  });

  it.each([
    [
      'a manifest changed on the way',
      'sync.media-unproven',
      (copy: string) => {
        const path = join(copy, MANIFEST);
        writeFileSync(path, readFileSync(path, 'utf8').replace('"serverName": "M', '"serverName": "N'));
      },
    ],
    [
      'a seal made with another secret',
      'sync.media-unproven',
      (copy: string) => {
        writeFileSync(
          join(copy, SEAL),
          sealOf(readFileSync(join(copy, MANIFEST)), province.secret, 'answer'),
        );
      },
    ],
    [
      'our own seal of an export',
      'sync.media-unproven',
      (copy: string) => {
        writeFileSync(join(copy, SEAL), sealOf(readFileSync(join(copy, MANIFEST)), commune.secret, 'export'));
      },
    ],
    ['no seal', 'sync.media-damaged', (copy: string) => rmSync(join(copy, SEAL))],
    ['half a manifest', 'sync.media-damaged', (copy: string) => truncateSync(join(copy, MANIFEST), 300)],
    [
      'a manifest beyond its bound',
      'sync.media-damaged',
      (copy: string) => truncateSync(join(copy, MANIFEST), MAX_MANIFEST_BYTES + 1),
    ],
    [
      'a manifest that is a link',
      'sync.media-damaged',
      (copy: string) => {
        renameSync(join(copy, MANIFEST), join(copy, 'elsewhere'));
        symlinkSync('elsewhere', join(copy, MANIFEST));
      },
    ],
    [
      'places of its own for the files',
      'sync.media-damaged',
      (copy: string) => {
        rewrite(copy, (manifest) => ({ ...manifest, files: ['../../../etc/passwd'] }));
      },
    ],
    [
      'an item whose id is a path',
      'sync.media-damaged',
      (copy: string) => {
        rewrite(copy, (manifest) => {
          const [item] = manifest['inbox'] as object[];
          return { ...manifest, inbox: [{ ...item, id: '../../x' }] };
        });
      },
    ],
    [
      'the answer for another office',
      'sync.media-foreign',
      (copy: string) => {
        rewrite(copy, (manifest) => ({
          ...manifest,
          office: { officeId: 'xa-khac', organId: 'H99.01.03', organName: 'UBND xã khác' },
        }));
      },
    ],
  ])('is refused whole when it is %s', async (_what, code, spoil) => {
    const before = await queueOf(engine);
    const { copy } = fresh();
    spoil(copy);
    expect(await codeOf(engine.call('sync.import', { path: copy }))).toBe(code);
    expect(await queueOf(engine)).toEqual(before);
    expect((await engine.call('intake.list', {})).items).toEqual([]);
  });

  it('is told from our own export', async () => {
    const [own] = readdirSync(exports).map((name) => join(exports, name));
    await expect(engine.call('sync.import', { path: own! })).rejects.toMatchObject({
      code: 'sync.media-damaged',
      detail: { reason: 'our-export' },
    });
  });

  it('is not looked for where there is none, nor behind a link', async () => {
    const stick = world.folder();
    symlinkSync(answer, join(stick, basename(answer)));
    expect(await codeOf(engine.call('sync.import', { path: stick }))).toBe('sync.media-none');
    expect(await codeOf(engine.call('sync.import', { path: join(stick, 'pulled-out') }))).toBe(
      'sync.media-none',
    );
  });

  it('is not said to be missing where the drive cannot be read', async () => {
    const drive = join(world.folder(), 'drive');
    symlinkSync(drive, drive);
    await expect(engine.call('sync.import', { path: drive })).rejects.toMatchObject({
      code: 'sync.media-damaged',
      detail: { path: drive, reason: 'unreadable' },
    });
  });

  it('leaves answers for other offices on the same stick untouched', async () => {
    const { stick, copy } = fresh();
    const theirs = join(stick, 'an-thu-tra-xa-khac-00007');
    cpSync(copy, theirs, { recursive: true });
    rewrite(theirs, (manifest) => ({
      ...manifest,
      office: { officeId: 'xa-khac', organId: 'H99.01.03', organName: 'UBND xã khác' },
    }));
    rmSync(copy, { recursive: true });
    mkdirSync(copy);
    const { answers, foreign } = await engine.call('sync.import', { path: stick });
    expect(foreign).toEqual([{ path: theirs, officeId: 'xa-khac' }]);
    expect(answers).toMatchObject([{ outcome: 'partly', problems: [{ code: 'sync.media-damaged' }] }]);
  });

  it.each([
    [
      'changed',
      (file: string) =>
        writeFileSync(
          file,
          readFileSync(file).map((byte, at) => (at === 900 ? 0 : byte)),
        ),
    ],
    ['cut off', (file: string) => truncateSync(file, 500)],
    ['missing', (file: string) => rmSync(file)],
    [
      'a link',
      (file: string) => {
        renameSync(file, `${file}.real`);
        symlinkSync(`${file}.real`, file);
      },
    ],
    ['much longer than was said', (file: string) => truncateSync(file, 2 ** 24)],
    [
      'in a folder that is a link',
      (file: string) => {
        renameSync(join(file, '..'), join(file, '..', '..', 'moved'));
        symlinkSync('moved', join(file, '..'));
      },
    ],
  ])('is taken but for an e-document that is %s', async (_what, spoil) => {
    const { copy } = fresh();
    rewrite(copy, (manifest) => ({
      ...manifest,
      receipts: [],
      inbox: [(manifest['inbox'] as unknown[])[0]],
    }));
    spoil(join(copy, ...inboxFile(letters[0]!).split('/')));
    const taken = await imported(engine, copy);
    expect(taken).toMatchObject({
      outcome: 'partly',
      fetched: 0,
      problems: [{ code: 'sync.media-damaged' }],
    });
    expect((await engine.call('intake.list', {})).items).toEqual([]);
  });

  it('does not believe a receipt for another body, or for an operation it never queued', async () => {
    const { copy } = fresh();
    rewrite(copy, (manifest) => {
      const [one, two] = manifest['receipts'] as Record<string, unknown>[];
      const receipts = [
        { ...one, sha256: 'f'.repeat(64) },
        { ...two, operationId: 'never-queued-here' },
      ];
      return { ...manifest, receipts, inbox: [] };
    });
    const taken = await imported(engine, copy);
    expect(taken.receipts).toBe(0);
    expect(taken.problems.map(({ code }) => code)).toEqual([
      'sync.wrong-receipt',
      'sync.media-unknown-operation',
    ]);
  });

  it('enters the inbox like e-documents of the line: checked, opened, judged, proposed, answered with 01', async () => {
    const taken = await imported(engine, answer);
    expect(taken).toMatchObject({ outcome: 'taken', receipts: 5, fetched: 2, problems: [] });
    await engine.call('engine.settled', { timeoutMs: 60_000 });
    const { items } = await engine.call('intake.list', {});
    expect(items.map(({ state, source, verification }) => [state, source, verification?.verdict])).toEqual([
      ['proposed', 'inbox', 'unsigned'],
      ['proposed', 'inbox', 'unsigned'],
    ]);
    const labels = (await engine.call('sync.list', { states: ['pending'] })).entries.map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['01 Đã đến: 7816/UBND-VP', '01 Đã đến: 7816/UBND-VP']);
    expect(await imported(engine, answer)).toMatchObject({ outcome: 'repeated' });
    expect((await engine.call('intake.list', {})).items.length).toBe(2);
  });
});
