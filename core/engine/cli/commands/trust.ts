import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  acceptAnchor,
  confirmAnchor,
  loadAnchors,
  loadCertificates,
  type AnchorPurpose,
  type TrustAnchor,
} from '../../../trust/anchors.ts';
import { dataFolderAt } from '../../../store/data-folder.ts';
import { AnThuError } from '../../../shared/errors.ts';
import { formatName } from '../../../trust/distinguished-name.ts';
import { parseCommand, text, texts, usage, type CommandArguments } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

const options = {
  purpose: { type: 'string', default: 'signature' },
  confirm: { type: 'string', multiple: true },
} as const;

/** `an-thu trust list | import FILE | remove FINGERPRINT`: anchors, by fingerprint. */
export async function trustCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, options);
  if (verb === 'list') return await listAnchors(args.dataDir);
  if (verb === 'import') return await importAnchors(args);
  if (verb === 'remove') return await removeAnchor(args);
  throw usage('trust list | import FILE | remove FINGERPRINT');
}

interface StoredAnchor {
  readonly anchor: TrustAnchor;
  readonly folder: string;
}

async function storedAnchors(dataDir: string): Promise<StoredAnchor[]> {
  const folder = dataFolderAt(dataDir);
  const read = async (path: string, purpose: AnchorPurpose): Promise<StoredAnchor[]> =>
    (await loadAnchors([path], purpose)).map((anchor) => ({ anchor, folder: path }));
  return [...(await read(folder.anchors, 'signature')), ...(await read(folder.tsaAnchors, 'timestamp'))];
}

async function listAnchors(dataDir: string): Promise<Outcome> {
  const rows = (await storedAnchors(dataDir)).map(({ anchor }) => ({
    purpose: anchor.purpose,
    fingerprint: anchor.certificate.fingerprint,
    name: formatName(anchor.certificate.subject),
    notAfter: anchor.certificate.notAfter.toISOString(),
    class: anchor.class,
    sample: anchor.sample,
  }));
  return {
    json: { anchors: rows },
    text: rows.map(
      (row) => `${row.purpose}  ${row.class}  ${row.fingerprint}  ${row.name}${row.sample ? '  (mẫu)' : ''}`,
    ),
    status: 0,
  };
}

/**
 * Takes in authorities whose fingerprint is known (domain/vietnam.md §6.5) or given with `--confirm`. A sample
 * anchor is refused in a real agency's folder (`verification.demo-anchor-refused`). All or nothing.
 */
async function importAnchors(args: CommandArguments): Promise<Outcome> {
  const [file] = args.positionals;
  const purpose = text(args, 'purpose');
  if (file === undefined || (purpose !== 'signature' && purpose !== 'timestamp'))
    throw usage('trust import FILE --purpose signature|timestamp [--confirm FINGERPRINT]…');
  const demo = await withEngine(
    args.dataDir,
    'idle',
    async (engine) => (await engine.call('engine.status', {})).demo,
  );
  const confirmed = texts(args, 'confirm');
  const accepted = (await loadCertificates([file])).map((certificate) => {
    const anchor = acceptAnchor(certificate, purpose, demo ? 'sample' : 'real');
    return confirmAnchor(anchor, confirmed);
  });
  const folder = dataFolderAt(args.dataDir);
  const target = purpose === 'signature' ? folder.anchors : folder.tsaAnchors;
  const imported = accepted.map(({ certificate }) => certificate.fingerprint);
  for (const { certificate } of accepted)
    await writeFile(join(target, `${certificate.fingerprint}.der`), certificate.der);
  return {
    json: { imported },
    text: imported.map((fingerprint) => `Đã thêm neo tin cậy ${fingerprint}`),
    status: 0,
  };
}

/** Removes what {@link importAnchors} stored; an anchor that stands in a file with others stays. */
async function removeAnchor(args: CommandArguments): Promise<Outcome> {
  const fingerprint = args.positionals[0]?.toLowerCase().replaceAll(':', '');
  if (fingerprint === undefined) throw usage('trust remove FINGERPRINT');
  const before = (await storedAnchors(args.dataDir)).filter(
    ({ anchor }) => anchor.certificate.fingerprint === fingerprint,
  );
  for (const { folder } of before) {
    for (const ending of ['der', 'pem']) await rm(join(folder, `${fingerprint}.${ending}`), { force: true });
  }
  const after = (await storedAnchors(args.dataDir)).some(
    ({ anchor }) => anchor.certificate.fingerprint === fingerprint,
  );
  if (before.length === 0 || after) throw new AnThuError('verification.anchor-unknown', { fingerprint });
  return { json: { removed: fingerprint }, text: [`Đã bỏ neo tin cậy ${fingerprint}`], status: 0 };
}
