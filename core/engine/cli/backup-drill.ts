import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { nothingSince } from '../../backup/last-numbers.ts';
import { type Manifest, readManifest } from '../../backup/manifest.ts';
import { restoreSet, type RestoredSet } from '../../backup/restore-set.ts';
import { newestSet } from '../../backup/newest-set.ts';
import { openTarget } from '../../backup/target.ts';
import { systemClock } from '../../shared/clock.ts';
import { AnThuError } from '../../shared/errors.ts';
import { dataFolderAt, hasData } from '../../store/data-folder.ts';
import { openEngine } from '../engine.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';
import { version } from '../version.ts';
import type { CommandArguments } from './arguments.ts';
import { notedHash, restoreProgress } from './commands/backup.ts';
import { withEngine } from './connect.ts';
import type { Outcome } from './output.ts';

/** How the register in use stands to the set; null where there is none. */
type Since = { readonly entries: number } | 'another-branch' | null;

/**
 * `backup restore --drill`: restores a set into a scratch folder, opens it with the program itself, compares, removes it and says
 * what that proved. The data in use are only read. Fails with `backup.drill-failed` and what restoring fails with.
 */
export async function drill(args: CommandArguments, targetPath: string, wanted?: string): Promise<Outcome> {
  const { target } = await openTarget(targetPath);
  const name = wanted ?? (await newestSet(target));
  const { manifest } = await readManifest(target, name);
  const inUse = dataFolderAt(args.dataDir);
  const hasInUse = await hasData(inUse);
  // On the disk of the data, where there is room for them; a running engine leaves what is in its scratch folder alone.
  const place = hasInUse
    ? join(inUse.scratch, `drill-${randomUUID()}`)
    : await mkdtemp(join(tmpdir(), 'an-thu-drill-'));
  try {
    const restored = await restoreSet({
      targetPath,
      name,
      folder: dataFolderAt(place),
      lastNumbers: nothingSince(manifest, systemClock.now()),
      noted: notedHash(args),
      damagedFiles: 'refuse',
      version,
      actor: userInfo().username,
      clock: systemClock,
      onProgress: restoreProgress(args),
    });
    await openAndCompare(place, restored);
    const since = hasInUse ? await sinceThen(args.dataDir, manifest) : null;
    return outcomeOf(restored, since);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** The program opens what was restored as it would the office's own, and counts and reads all of it again. */
async function openAndCompare(place: string, { manifest, absent }: RestoredSet): Promise<void> {
  const failed = (reason: string) => new AnThuError('backup.drill-failed', { name: manifest.name, reason });
  const engine = await openEngine({ dataDir: place, mode: 'idle', spawner: createNodeSpawner() });
  try {
    const log = await engine.call('audit.verify', { noted: manifest.audit.head ?? undefined });
    if (!log.ok || log.entries < manifest.audit.entries) throw failed('audit');
    let arrivals = 0;
    for (const { id } of manifest.registers)
      arrivals += (await engine.call('register.list', { registerId: id, limit: 1 })).total;
    if (arrivals !== manifest.counts.arrivals) throw failed(`${arrivals} ≠ ${manifest.counts.arrivals}`);
    const { damaged } = await engine.call('archive.check', {});
    const unexpected = damaged.filter(({ sha256 }) => !absent.includes(sha256));
    if (unexpected[0]) throw failed(`${unexpected[0].sha256}: ${unexpected[0].problem}`);
  } finally {
    await engine.close();
  }
}

async function sinceThen(dataDir: string, manifest: Manifest): Promise<Since> {
  return await withEngine(dataDir, 'idle', async (engine) => {
    const log = await engine.call('audit.verify', { noted: manifest.audit.head ?? undefined });
    return log.knownHead ? { entries: log.entries - manifest.audit.entries } : 'another-branch';
  });
}

function outcomeOf(
  { manifest, manifestSha256, files, absent, withheld }: RestoredSet,
  since: Since,
): Outcome {
  const { name, counts, audit } = manifest;
  return {
    json: {
      ok: true,
      drill: true,
      set: name,
      manifestSha256,
      files,
      absent,
      withheld: withheld.length,
      counts,
      audit,
      since,
    },
    text: [
      `Phục hồi thử bộ ${name}: ĐẠT.`,
      `  Đã chứng minh: bản kê và sổ đúng mã băm; sổ qua integrity_check; nhật ký ${audit.entries} mục nối liền đến mã ${audit.head ?? '–'}; chính phần mềm này mở được dữ liệu phục hồi, đếm đủ ${counts.arrivals} văn bản đến và đọc lại đúng cả ${files} tệp.`,
      ...(absent.length > 0 ? [`  ${absent.length} tệp đã mất khi sao lưu, không có trong bộ.`] : []),
      ...(withheld.length > 0 ? [`  ${withheld.length} tệp trong khu cách ly không có trong bộ.`] : []),
      ...sinceLines(since),
      '  Không chứng minh: khóa ký trên thiết bị, mật khẩu tài khoản của tỉnh và thư mục quét (không nằm trong bản sao lưu).',
      '  Thư mục tạm đã xóa; dữ liệu đang dùng không thay đổi.',
    ],
    status: 0,
  };
}

function sinceLines(since: Since): string[] {
  if (since === null) return [];
  if (since === 'another-branch')
    return ['  CẢNH BÁO: sổ đang dùng không nối tiếp bộ này (dữ liệu khác, hoặc đã phục hồi từ bộ khác).'];
  return [
    `  So với sổ đang dùng: từ bộ này đến nay có thêm ${since.entries} mục nhật ký, kể cả mục ghi lại chính lần sao lưu (sẽ mất nếu phục hồi bây giờ).`,
  ];
}
