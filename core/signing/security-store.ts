import { createHash } from 'node:crypto';
import type { PdfDocument } from '../pdf/document.ts';
import type { IncrementalUpdate } from '../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import { AnThuError } from '../shared/errors.ts';
import type { ValidationData } from './validation-data.ts';

/** Entries of the store and what of the validation data goes there. */
const LISTS = [
  ['Certs', 'certificates'],
  ['OCSPs', 'ocsps'],
  ['CRLs', 'crls'],
] as const;

/** More than any file of ours; a store beyond it is not read further. */
const MAX_ENTRIES = 2000;

/** The validation data of the file's document security store (/DSS); what cannot be read is left out. */
export function readSecurityStore(pdf: PdfDocument): ValidationData {
  const store = pdf.getDict(pdf.catalog(), 'DSS');
  const read = (key: string): Uint8Array[] => {
    const list = store ? pdf.get(store, key) : null;
    if (!Array.isArray(list)) return [];
    return list.slice(0, MAX_ENTRIES).flatMap((item) => {
      const bytes = streamBytes(pdf, item);
      return bytes ? [bytes] : [];
    });
  };
  return { certificates: read('Certs'), ocsps: read('OCSPs'), crls: read('CRLs') };
}

function streamBytes(pdf: PdfDocument, item: PdfObject): Uint8Array | undefined {
  try {
    const stream = pdf.resolve(item);
    return stream instanceof PdfStream ? pdf.decodeStream(stream) : undefined;
  } catch (error) {
    if (error instanceof AnThuError) return undefined;
    throw error;
  }
}

/**
 * Puts validation data into the update's /DSS: what an earlier store holds stays (and its /VRI), what it lacks
 * comes behind as indirect streams, nothing twice. Gives how many pieces are new. (ETSI EN 319 142-1 as told in
 * signing-peers.md §3.1, "Levels")
 */
export function addSecurityStore(pdf: PdfDocument, update: IncrementalUpdate, data: ValidationData): number {
  const writtenStore = pdf.catalog().get('DSS');
  const existing = pdf.resolve(writtenStore);
  const store = existing instanceof PdfDict ? existing : new PdfDict({ Type: new PdfName('DSS') });
  const held = readSecurityStore(pdf);
  const changes: Record<string, PdfObject> = {};
  let added = 0;
  for (const [key, part] of LISTS) {
    const known = new Set(held[part].map(digestOf));
    const fresh = data[part].filter((bytes) => {
      const digest = digestOf(bytes);
      if (known.has(digest)) return false;
      known.add(digest);
      return true;
    });
    if (fresh.length === 0) continue;
    added += fresh.length;
    const list = pdf.get(store, key);
    changes[key] = [...(Array.isArray(list) ? list : []), ...fresh.map((bytes) => addStream(update, bytes))];
  }
  if (added === 0) return 0;
  const changed = store.with(changes);
  if (writtenStore instanceof PdfRef && existing instanceof PdfDict) update.put(writtenStore, changed);
  else update.changeCatalog({ DSS: update.add(changed) });
  return added;
}

/** Plain: OCSP answers hardly shrink, and squeezing a list of megabytes would hold up everything else. */
function addStream(update: IncrementalUpdate, bytes: Uint8Array): PdfRef {
  return update.add(new PdfStream(new PdfDict(), { bytes }));
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
