import { resolve } from 'node:path';
import {
  acceptAnchor,
  confirmAnchor,
  loadAnchors,
  loadCertificates,
  type TrustAnchor,
} from '../../../trust/anchors.ts';
import { dataFolderAt } from '../../../store/data-folder.ts';
import { AnThuError } from '../../../shared/errors.ts';
import { formatName } from '../../../trust/distinguished-name.ts';
import { parseCommand, text, texts, usage, type CommandArguments } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

export const trustOptions = {
  purpose: { type: 'string', default: 'signature' },
  confirm: { type: 'string', multiple: true },
  reason: { type: 'string' },
} as const;

/** `an-thu trust list | import FILE | remove FINGERPRINT`: anchors, by fingerprint. */
export async function trustCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, trustOptions);
  if (verb === 'list') return await listAnchors(args.dataDir);
  if (verb === 'import') return await importAnchors(args);
  if (verb === 'remove') return await removeAnchor(args);
  throw usage('trust list | import FILE | remove FINGERPRINT');
}

async function storedAnchors(dataDir: string): Promise<TrustAnchor[]> {
  const { anchors, tsaAnchors } = dataFolderAt(dataDir);
  return [...(await loadAnchors([anchors], 'signature')), ...(await loadAnchors([tsaAnchors], 'timestamp'))];
}

async function listAnchors(dataDir: string): Promise<Outcome> {
  const rows = (await storedAnchors(dataDir)).map((anchor) => ({
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
 * Takes in authorities whose fingerprint is known (domain/vietnam.md §6.5) or given with `--confirm`, through the engine as the
 * window does, so that each leaves an entry in the log. A sample anchor is refused in a real agency's folder
 * (`verification.demo-anchor-refused`). All or nothing.
 */
async function importAnchors(args: CommandArguments): Promise<Outcome> {
  const [file] = args.positionals;
  const purpose = text(args, 'purpose');
  if (file === undefined || (purpose !== 'signature' && purpose !== 'timestamp'))
    throw usage('trust import FILE --purpose signature|timestamp [--confirm FINGERPRINT]…');
  const confirmed = texts(args, 'confirm');
  const certificates = await loadCertificates([file]);
  const imported = certificates.map(({ fingerprint }) => fingerprint);
  await withEngine(args.dataDir, 'idle', async (engine) => {
    const { demo } = await engine.call('engine.status', {});
    for (const certificate of certificates)
      confirmAnchor(acceptAnchor(certificate, purpose, demo ? 'sample' : 'real'), confirmed);
    await engine.call('trust.read-file', { path: resolve(file) });
    for (const fingerprint of imported) {
      const typed = confirmed.find((given) => plainFingerprint(given) === fingerprint) ?? '';
      await engine.call('trust.accept', { fingerprint, purpose, typed });
    }
  });
  return {
    json: { imported },
    text: imported.map((fingerprint) => `Đã thêm gốc tin cậy ${fingerprint}`),
    status: 0,
  };
}

/** Removes what {@link importAnchors} stored, with an entry in the log; an anchor that stands in a file with others stays. */
async function removeAnchor(args: CommandArguments): Promise<Outcome> {
  const [given] = args.positionals;
  if (given === undefined) throw usage('trust remove FINGERPRINT [--reason TEXT]');
  const fingerprint = plainFingerprint(given);
  const reason = text(args, 'reason') ?? 'an-thu trust remove';
  await withEngine(args.dataDir, 'idle', async (engine) => {
    const { anchors } = await engine.call('trust.list', {});
    const stored = anchors.filter((anchor) => anchor.fingerprint === fingerprint);
    if (stored.length === 0) throw new AnThuError('verification.anchor-unknown', { fingerprint });
    for (const { purpose } of stored) await engine.call('trust.remove', { fingerprint, purpose, reason });
  });
  return { json: { removed: fingerprint }, text: [`Đã bỏ gốc tin cậy ${fingerprint}`], status: 0 };
}

const plainFingerprint = (given: string): string => given.toLowerCase().replaceAll(/[:\s]/g, '');
