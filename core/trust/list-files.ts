import { readFile, stat } from 'node:fs/promises';
import { AnThuError } from '../shared/errors.ts';
import { maximumListBytes, parseCertificateList } from './certificate-list.ts';

/** Revocation lists of files, PEM or DER; what is none is told at once, not passed over. Throws `verification.list-unreadable`. */
export async function loadLists(paths: readonly string[]): Promise<Uint8Array[]> {
  const lists: Uint8Array[] = [];
  for (const path of paths) {
    const size = await stat(path).then((entry) => entry.size, () => undefined); // prettier-ignore
    if (size === undefined) throw new AnThuError('general.no-such-input', { path });
    if (size > maximumListBytes) throw new AnThuError('verification.list-unreadable', { path });
    for (const bytes of listsIn(await readFile(path))) {
      try {
        parseCertificateList(bytes);
      } catch (cause) {
        throw new AnThuError('verification.list-unreadable', { path }, { cause });
      }
      lists.push(bytes);
    }
  }
  return lists;
}

/** A PEM file may hold several lists. */
function listsIn(bytes: Buffer): Uint8Array[] {
  const label = 'X509 CRL-----';
  if (!bytes.subarray(0, 4096).includes(`-----BEGIN ${label}`)) return [bytes];
  const blocks = bytes.toString('latin1').split(`-----END ${label}`).slice(0, -1);
  return blocks.map((block) => Buffer.from(`${block}-----END ${label}\n`, 'latin1'));
}
