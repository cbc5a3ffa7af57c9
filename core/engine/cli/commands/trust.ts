import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acceptAnchor, loadAnchors, loadCertificates, type AnchorPurpose } from '../../../trust/anchors.ts';
import { dataFolderAt } from '../../../store/data-folder.ts';
import { parseCommand, text, usage } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

/** `an-thu trust list | import FILE --purpose signature|timestamp`: anchors, by fingerprint. */
export async function trustCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, { purpose: { type: 'string', default: 'signature' } });
  const folder = dataFolderAt(args.dataDir);
  if (verb === 'list') {
    const anchors = [
      ...(await loadAnchors([folder.anchors], 'signature')),
      ...(await loadAnchors([folder.tsaAnchors], 'timestamp')),
    ];
    const rows = anchors.map((anchor) => ({
      purpose: anchor.purpose,
      fingerprint: anchor.certificate.fingerprint,
      class: anchor.class,
      sample: anchor.sample,
    }));
    return {
      json: { anchors: rows },
      text: rows.map(
        (row) => `${row.purpose}  ${row.class}  ${row.fingerprint}${row.sample ? '  (mẫu)' : ''}`,
      ),
      status: 0,
    };
  }
  if (verb !== 'import') throw usage('trust list | import FILE');
  const [file] = args.positionals;
  const purpose = text(args, 'purpose');
  if (file === undefined || (purpose !== 'signature' && purpose !== 'timestamp')) {
    throw usage('trust import FILE --purpose signature|timestamp');
  }
  return importAnchor(args.dataDir, file, purpose);
}

/** A sample anchor is refused in a real agency's folder (`verification.demo-anchor-refused`). */
async function importAnchor(dataDir: string, file: string, purpose: AnchorPurpose): Promise<Outcome> {
  const demo = await withEngine(
    dataDir,
    'idle',
    async (engine) => (await engine.call('engine.status', {})).demo,
  );
  const folder = dataFolderAt(dataDir);
  const imported: string[] = [];
  for (const certificate of await loadCertificates([file])) {
    imported.push(acceptAnchor(certificate, purpose, demo ? 'sample' : 'real').certificate.fingerprint);
  }
  const target = purpose === 'signature' ? folder.anchors : folder.tsaAnchors;
  await copyFile(file, join(target, `${imported[0] ?? 'anchor'}.pem`));
  return {
    json: { imported },
    text: imported.map((fingerprint) => `Đã thêm neo tin cậy ${fingerprint}`),
    status: 0,
  };
}
