import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { createSet, type CreatedSet } from '../../../backup/create-set.ts';
import type { StatedNumber } from '../../../backup/last-numbers.ts';
import { restoreSet } from '../../../backup/restore-set.ts';
import { listSets, openTarget } from '../../../backup/target.ts';
import { verifySet, withheldIn, type SetVerdict } from '../../../backup/verify-set.ts';
import { systemClock } from '../../../shared/clock.ts';
import { AnThuError } from '../../../shared/errors.ts';
import { dataFolderAt } from '../../../store/data-folder.ts';
import { readVersionRecord } from '../../../updates/version-record.ts';
import { version } from '../../version.ts';
import { type CommandArguments, flag, parseCommand, text, texts, usage, wholeNumber } from '../arguments.ts';
import { createdLines, isNewer, restoredLines, verdictLines } from '../backup-words.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';
import { progressOn } from '../progress.ts';

export const backupOptions = {
  new: { type: 'boolean' },
  full: { type: 'boolean' },
  keep: { type: 'string' },
  set: { type: 'string' },
  'last-number': { type: 'string', multiple: true },
  'server-secret-file': { type: 'string' },
  manifest: { type: 'string' },
  'without-damaged': { type: 'boolean' },
  drill: { type: 'boolean' },
} as const;

const forms = 'backup create DIR | verify DIR | restore DIR';

/** `an-thu backup create | verify | restore`: sets of one office's data in a folder, on another disk or a share. */
export async function backupCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, backupOptions);
  const [target, ...more] = args.positionals;
  if (target === undefined || more.length > 0) throw usage(forms);
  const path = resolve(target);
  if (verb === 'create') return await create(args, path);
  if (verb === 'verify') return await verify(args, path);
  if (verb === 'restore') return await restore(args, path);
  throw usage(forms);
}

async function create(args: CommandArguments, targetPath: string): Promise<Outcome> {
  const folder = dataFolderAt(args.dataDir);
  const keep = wholeNumber(args, 'keep', /^[1-9]\d{0,4}$/, 'cần một số từ 1');
  return await withEngine(args.dataDir, 'idle', async (engine) => {
    const made = await createSet({
      folder,
      targetPath,
      snapshot: async () => (await engine.call('backup.snapshot', {})).path,
      program: { version, highest: (await readVersionRecord(folder))?.highest ?? version },
      clock: systemClock,
      kind: flag(args, 'full') ? 'full' : 'as-due',
      begin: flag(args, 'new') ? 'new' : 'existing',
      keep,
      onProgress: progressOn(args, 'Đã chép', { step: 'copy' }),
    });
    const { manifest, manifestSha256, sameDisk } = made;
    await engine.call('backup.record', {
      set: manifest.name,
      target: targetPath,
      createdAt: manifest.createdAt,
      kind: manifest.kind,
      manifestSha256,
      files: manifest.objects.length,
      missing: manifest.missing.length,
      sameDisk,
    });
    return { json: createdJson(made), text: createdLines(made), status: wholeSet(made) ? 0 : 2 };
  });
}

const wholeSet = ({ manifest, auditOk, untidied }: CreatedSet): boolean =>
  auditOk && manifest.missing.length === 0 && untidied === null;

function createdJson(made: CreatedSet): object {
  const {
    manifest,
    manifestSha256,
    path,
    copied,
    removed,
    untidied,
    leftovers,
    auditOk,
    continuesNewest,
    sameDisk,
  } = made;
  const { name, kind, createdAt, audit, counts, lastNumbers, missing, withheld } = manifest;
  return {
    ok: wholeSet(made),
    set: {
      name,
      path,
      kind,
      createdAt,
      manifestSha256,
      files: manifest.objects.length,
      audit,
      counts,
      lastNumbers,
    },
    copied,
    missing,
    withheld: withheld.length,
    removed,
    untidied,
    leftovers,
    auditOk,
    continuesNewest,
    sameDisk,
  };
}

async function verify(args: CommandArguments, targetPath: string): Promise<Outcome> {
  const { target, marker } = await openTarget(targetPath);
  const all = await listSets(target);
  const wanted = text(args, 'set');
  const names = wanted === undefined ? all : all.filter((name) => name === wanted);
  if (names.length === 0) throw new AnThuError('backup.no-set', { name: wanted ?? '–', path: targetPath });
  const shared = { withheld: await withheldIn(target), seen: new Map() };
  const noted = notedHash(args);
  let [known, ok, damaged] = [noted === undefined, true, false];
  const sets: object[] = [];
  const lines: string[] = [];
  for (const name of names) {
    const verdict = await verifySet(target, name, {
      ...shared,
      onProgress: progressOn(args, `${name}: đã đọc`, { step: 'verify', set: name }),
    });
    known ||= verdict.manifestSha256 === noted;
    ok &&= verdict.ok;
    damaged ||= !verdict.ok && !isNewer(verdict.problems);
    // The manifest itself is let go: those of years of daily sets do not fit into memory together.
    sets.push(verdictJson(verdict));
    lines.push(...verdictLines(verdict));
  }
  return {
    json: { ok: ok && known, agency: { name: marker.name, organId: marker.organId }, sets },
    text: [
      `Bản sao lưu của ${marker.name} (${marker.organId}) tại ${targetPath}: ${names.length} bộ.`,
      ...lines,
      ...(known ? [] : [`Không bộ nào có bản kê mang mã đã ghi lại ${noted}.`]),
      ...(damaged
        ? [
            'Việc cần làm: tạo ngay một bộ đầy đủ mới (an-thu backup create DIR --full) khi dữ liệu đang dùng còn tốt, và thay ổ đĩa nếu ổ đang hỏng. Các bộ hỏng giữ lại cho đến khi bộ mới qua kiểm tra.',
          ]
        : []),
    ],
    status: ok && known ? 0 : damaged || !known ? 2 : 1,
  };
}

function verdictJson({ name, ok, manifest, manifestSha256, problems, purged }: SetVerdict): object {
  return {
    name,
    ok,
    kind: manifest?.kind ?? null,
    createdAt: manifest?.createdAt ?? null,
    manifestSha256,
    files: manifest?.objects.length ?? 0,
    audit: manifest?.audit ?? null,
    lastNumbers: manifest?.lastNumbers ?? [],
    withheld: (manifest?.withheld.length ?? 0) + purged,
    problems,
  };
}

async function restore(args: CommandArguments, targetPath: string): Promise<Outcome> {
  const name = text(args, 'set');
  if (flag(args, 'drill')) {
    const { drill } = await import('../backup-drill.ts');
    return await drill(args, targetPath, name);
  }
  // Where data are brought back to is never guessed.
  if (text(args, 'data') === undefined) throw usage('backup restore DIR --data DIR-MỚI, hoặc --drill');
  const restored = await restoreSet({
    targetPath,
    name,
    folder: dataFolderAt(args.dataDir),
    lastNumbers: texts(args, 'last-number').map(statedNumber),
    serverSecret: await secretOf(text(args, 'server-secret-file')),
    noted: notedHash(args),
    damagedFiles: flag(args, 'without-damaged') ? 'leave-out' : 'refuse',
    version,
    actor: userInfo().username,
    clock: systemClock,
    onProgress: restoreProgress(args),
  });
  const { manifest, manifestSha256, files, absent, withheld, gaps, audit, settings } = restored;
  return {
    json: {
      ok: absent.length === 0,
      dataDir: args.dataDir,
      set: manifest.name,
      manifestSha256,
      files,
      absent,
      withheld: withheld.length,
      gaps,
      audit,
      settings,
    },
    text: restoredLines(restored, args.dataDir, {
      secret: text(args, 'server-secret-file') !== undefined,
      noted: text(args, 'manifest') !== undefined,
    }),
    status: absent.length > 0 ? 1 : 0,
  };
}

/** The hash of a manifest that was written down on paper when its set was made. */
export const notedHash = (args: CommandArguments): string | undefined =>
  text(args, 'manifest')?.toLowerCase();

export function restoreProgress(
  args: CommandArguments,
): (step: 'verify' | 'copy', done: number, total: number) => void {
  const steps = {
    verify: progressOn(args, 'Đã đọc', { step: 'verify' }),
    copy: progressOn(args, 'Đã phục hồi', { step: 'copy' }),
  };
  return (step, done, total) => steps[step]?.(done, total);
}

/** `15/2026` or `Sổ văn bản đến:15/2026`. */
function statedNumber(given: string): StatedNumber {
  const [, register, number, year] = /^(?:(.+):)?(\d{1,7})\/(\d{4})$/s.exec(given) ?? [];
  if (number === undefined) throw usage(`--last-number ${given}: cần dạng SỐ/NĂM hoặc SỔ:SỐ/NĂM`);
  return { register: register ?? null, year: Number(year), number: Number(number) };
}

async function secretOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new AnThuError('general.no-such-input', { path }, { cause: error });
  }
}
