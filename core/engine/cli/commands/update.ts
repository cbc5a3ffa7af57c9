import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemClock } from '../../../shared/clock.ts';
import { AnThuError } from '../../../shared/errors.ts';
import { dataFolderAt, hasData } from '../../../store/data-folder.ts';
import { pinnedReleaseKeys } from '../../../updates/release-keys.ts';
import { rollBack } from '../../../updates/roll-back.ts';
import { checkUpdate, stageUpdate } from '../../../updates/stage-update.ts';
import type { ReleaseKeys } from '../../../updates/update-bundle.ts';
import { readVersionRecord } from '../../../updates/version-record.ts';
import { version } from '../../version.ts';
import { parseCommand, text, usage, type CommandArguments } from '../arguments.ts';
import type { Outcome } from '../output.ts';

export const updateOptions = { key: { type: 'string' }, to: { type: 'string' } } as const;

const help = 'update status | check FILE [--key PEM] | stage FILE | roll-back [--to VERSION]';

/** `an-thu update`: bundles for offices without a line, and the way back to the version before. */
export async function updateCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, updateOptions);
  switch (verb) {
    case 'status':
      return status(args);
    case 'check':
      return check(args);
    case 'stage':
      return stage(args);
    case 'roll-back':
      return goBack(args);
    default:
      throw usage(help);
  }
}

async function status(args: CommandArguments): Promise<Outcome> {
  const record = await readVersionRecord(dataFolderAt(args.dataDir));
  const backups = record?.backups ?? [];
  return {
    json: { version, highest: record?.highest ?? null, lastStarted: record?.lastStarted ?? null, backups },
    text: [
      `Phiên bản ${version}; mới nhất từng dùng với dữ liệu này: ${record?.highest ?? '–'}`,
      ...backups.map((one) => `${one.at}  ${one.from} → ${one.to}  ${one.name}`),
    ],
    status: 0,
  };
}

async function check(args: CommandArguments): Promise<Outcome> {
  const keyFile = text(args, 'key');
  const keys = keyFile === undefined ? pinnedReleaseKeys() : await onlyKey(keyFile);
  const manifest = await checkUpdate(dataFolderAt(args.dataDir), bundleOf(args), { version, keys });
  return {
    json: { ok: true, manifest },
    text: [`Gói cập nhật ${manifest.version} nguyên vẹn, đúng chữ ký, dùng được cho máy này.`],
    status: 0,
  };
}

async function stage(args: CommandArguments): Promise<Outcome> {
  const { manifest, installerPath } = await stageUpdate(dataFolderAt(args.dataDir), bundleOf(args), {
    version,
    keys: pinnedReleaseKeys(),
  });
  return {
    json: { ok: true, manifest, installerPath },
    text: [`Bộ cài ${manifest.version} đã được kiểm tra và để sẵn tại ${installerPath}`],
    status: 0,
  };
}

async function goBack(args: CommandArguments): Promise<Outcome> {
  const folder = dataFolderAt(args.dataDir);
  if (!(await hasData(folder))) throw new AnThuError('store.no-data', { path: folder.root });
  const result = await rollBack(folder, systemClock, text(args, 'to'));
  const register =
    result.register === 'kept'
      ? 'Sổ được giữ nguyên.'
      : `Sổ trước cập nhật đã được đặt lại; bản hiện tại để ở backups/${result.setAside ?? ''}.`;
  return {
    json: { ok: true, ...result },
    text: [`Dữ liệu đã sẵn sàng cho phiên bản ${result.to}. ${register} Hãy cài lại phiên bản đó.`],
    status: 0,
  };
}

function bundleOf(args: CommandArguments): string {
  const [file] = args.positionals;
  if (file === undefined) throw usage(help);
  return resolve(file);
}

/** A key given by hand is for checking only: what is installed is decided by the pinned ones. */
async function onlyKey(file: string): Promise<ReleaseKeys> {
  try {
    const key = createPublicKey(await readFile(file));
    return { size: 1, get: () => key };
  } catch (error) {
    throw new AnThuError('general.invalid-input', { reason: `${file}: no public key` }, { cause: error });
  }
}
