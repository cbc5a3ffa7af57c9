import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { openPdf, type PdfDocument } from '../pdf/document.ts';
import { IncrementalUpdate, type BuiltUpdate } from '../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRaw, textString } from '../pdf/objects.ts';
import { firstPage } from '../pdf/pages.ts';
import { strictAssert } from '../shared/assert.ts';
import { AnThuError } from '../shared/errors.ts';
import { BYTE_RANGE_PLACEHOLDER, writeByteRange } from './byte-range.ts';
import { freeFieldName } from './field-names.ts';
import { wrapWriteErrors } from './file-errors.ts';
import { addEmptyForm } from './appearance/form-import.ts';
import { addToForm, addToPage } from './form-widgets.ts';
import { addSecurityStore } from './security-store.ts';
import type { ValidationData } from './validation-data.ts';
import { writeFully } from './write-fully.ts';

/** Print + Locked. */
const WIDGET_FLAGS = 132;
/** A token with the TSA's chain takes 3 to 6 KB (findings/signing-stack.md §6). */
const TOKEN_RESERVE_BYTES = 12_288;
const LARGEST_TOKEN_BYTES = 262_144;

/** What one update adds to a signed file: validation data, a document timestamp, or both. */
export interface EvidenceOptions {
  readonly partPath: string;
  /** SHA-256 state after all bytes of the part as it stands. */
  readonly state: Hash;
  /** Object numbers that the file refers to in vain. */
  readonly reserved?: ReadonlySet<number>;
  readonly data?: ValidationData;
  /** Fetches a token (DER) over a SHA-256 digest; without it no document timestamp is added. */
  readonly timestamp?: (sha256: Uint8Array) => Promise<Uint8Array>;
  readonly password?: string | undefined;
}

export interface AppendedEvidence {
  readonly sha256: string;
  readonly bytes: number;
  /** State after the file's new end, for what may follow. */
  readonly state: Hash;
  /** The document timestamp's token. */
  readonly token: Uint8Array | undefined;
}

/**
 * Appends validation data and a document timestamp to a finished part file in one incremental update, the file then
 * ending where the timestamp's byte range ends (signing-peers.md §0.14). Nothing is written before the token is
 * there, so a TSA that is away leaves the part as it was; so does a disk that is full. The state saved while signing is continued: nothing is
 * read again but what was appended. Not synced: see finishPart. Throws what `timestamp` throws, `signing.contents-too-small`,
 * `signing.write-failed`, `pdf.*`. Undefined when there is nothing to add.
 */
export async function appendEvidence(options: EvidenceOptions): Promise<AppendedEvidence | undefined> {
  for (let reserve = TOKEN_RESERVE_BYTES; ; reserve *= 4) {
    const update = withPart(options, (pdf) => buildEvidenceUpdate(pdf, options, reserve));
    if (!update) return undefined;
    if (!options.timestamp) return await write(options, update, undefined);
    const token = await stampUpdate(update, options.state, options.timestamp);
    if (token.length <= reserve) return await write(options, update, token);
    if (reserve >= LARGEST_TOKEN_BYTES)
      throw new AnThuError('signing.contents-too-small', { needed: token.length, reserved: reserve });
  }
}

function withPart<T>({ partPath, password }: EvidenceOptions, use: (pdf: PdfDocument) => T): T {
  const pdf = openPdf(partPath, { password: password ?? '' });
  try {
    return use(pdf);
  } finally {
    pdf.close();
  }
}

function buildEvidenceUpdate(
  pdf: PdfDocument,
  { data, timestamp, reserved }: EvidenceOptions,
  reserve: number,
): BuiltUpdate | undefined {
  const update = new IncrementalUpdate(pdf, reserved);
  const added = data ? addSecurityStore(pdf, update, data) : 0;
  if (!timestamp) return added > 0 ? update.build() : undefined;
  addDocumentTimestamp(pdf, update, reserve);
  return update.build();
}

/** An invisible field with a document timestamp (/ETSI.RFC3161) whose range and contents are still placeholders. */
function addDocumentTimestamp(pdf: PdfDocument, update: IncrementalUpdate, reserve: number): void {
  const page = firstPage(pdf);
  const signature = update.add(
    new PdfDict({
      Type: new PdfName('DocTimeStamp'),
      Filter: new PdfName('Adobe.PPKLite'),
      SubFilter: new PdfName('ETSI.RFC3161'),
      ByteRange: new PdfRaw(Buffer.from(BYTE_RANGE_PLACEHOLDER, 'latin1'), 'byteRange'),
      Contents: new PdfRaw(Buffer.from(`<${'00'.repeat(reserve)}>`, 'latin1'), 'contents'),
    }),
  );
  const widget = update.add(
    new PdfDict({
      Type: new PdfName('Annot'),
      Subtype: new PdfName('Widget'),
      FT: new PdfName('Sig'),
      T: textString(freeFieldName(pdf, 'DocTimeStamp')),
      V: signature,
      F: WIDGET_FLAGS,
      P: page.ref ?? null,
      Rect: [0, 0, 0, 0],
      AP: new PdfDict({ N: addEmptyForm(update) }),
    }),
  );
  addToPage(update, page, widget);
  addToForm(pdf, update, [widget]);
}

async function stampUpdate(
  { bytes, offset, marks }: BuiltUpdate,
  state: Hash,
  timestamp: (sha256: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const contents = marks.get('contents');
  const range = marks.get('byteRange');
  strictAssert(contents && range, 'the update marks its placeholders');
  const total = offset + bytes.length;
  writeByteRange(bytes, range.start - offset, [0, contents.start, contents.end, total - contents.end]);
  const digest = state
    .copy()
    .update(bytes.subarray(0, contents.start - offset))
    .update(bytes.subarray(contents.end - offset))
    .digest();
  const token = await timestamp(digest);
  bytes.write(Buffer.from(token).toString('hex').slice(0, (contents.end - contents.start - 2) & ~1), contents.start - offset + 1, 'latin1'); // prettier-ignore
  return token;
}

async function write(
  { partPath, state }: EvidenceOptions,
  { bytes, offset }: BuiltUpdate,
  token: Uint8Array | undefined,
): Promise<AppendedEvidence> {
  await using part = await wrapWriteErrors(partPath, () => open(partPath, 'r+'));
  try {
    await writeFully(part, bytes, offset, partPath);
  } catch (thrown) {
    // What a full disk took of it goes away again: the file is as good as it was.
    await wrapWriteErrors(partPath, () => part.truncate(offset));
    throw thrown;
  }
  const again = Buffer.alloc(bytes.length);
  const { bytesRead } = await part.read(again, 0, again.length, offset);
  if (bytesRead !== bytes.length || !again.equals(bytes))
    throw new AnThuError('signing.prefix-changed', { offset });
  const after = state.copy().update(bytes);
  return { sha256: after.copy().digest('hex'), bytes: offset + bytes.length, state: after, token };
}
