import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { safeFileName } from '../../shared/file-names.ts';
import { all, hostile, invalid, one, textOf, type XmlTree } from './guarded-xml.ts';
import { mediaTypeOf } from './media-type.ts';
import type { EdxmlCaps, ParsedAttachment } from './types.ts';
import { unzipSingle } from './unzip-single.ts';

const stripCid = (id: string) => id.replace(/^cid:/i, '').trim();

function decodeBase64(text: string, caps: EdxmlCaps): Buffer {
  if (text.length > caps.attachmentBytes * 1.5) throw hostile('attachment is over the size limit');
  const compact = text.replaceAll(/[\t\n\r ]+/g, '');
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(compact, 'base64');
  // Node skips what is not base64: a shorter result means that something was skipped.
  if (compact.length % 4 !== 0 || bytes.length !== (compact.length / 4) * 3 - padding) {
    throw invalid('attachment is not base64');
  }
  if (bytes.length > caps.attachmentBytes) throw hostile('attachment is over the size limit');
  return bytes;
}

function writeDurably(path: string, bytes: Buffer): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What the manifest says of each content id: the description and name shown to people. */
function readManifest(envelope: XmlTree | undefined): Map<string, { name: string; description: string }> {
  const manifest = one(one(envelope, 'edXMLBody'), 'edXMLManifest');
  const entries = new Map<string, { name: string; description: string }>();
  for (const reference of all(manifest, 'Reference')) {
    const id = stripCid(textOf(reference, 'ContentId') || (reference.attributes['href'] ?? ''));
    if (entries.has(id)) throw invalid(`the manifest names ${id} twice`);
    entries.set(id, {
      name: textOf(reference, 'AttachmentName'),
      description: textOf(reference, 'Description'),
    });
  }
  return entries;
}

interface Decoded {
  readonly contentId: string;
  readonly declaredName: string;
  readonly declaredType: string;
  readonly description: string;
  readonly data: Buffer;
  readonly unzipped: boolean;
}

/** One attachment's bytes; unzipped when it says zip but its name does not (domain/vietnam.md §5.1, "Interop traps"). */
function decode(node: XmlTree, manifest: ReturnType<typeof readManifest>, caps: EdxmlCaps): Decoded {
  const contentId = stripCid(textOf(node, 'ContentId'));
  const listed = manifest.get(contentId);
  if (manifest.size > 0 && !listed) throw invalid(`attachment ${contentId} is not in the manifest`);
  const declaredType = textOf(node, 'ContentType').toLowerCase();
  const declaredName = textOf(node, 'AttachmentName') || listed?.name || '';
  const description = textOf(node, 'Description') || listed?.description || '';
  const data = decodeBase64(one(node, 'ContentTransferEncoded')?.text() ?? '', caps);
  if (declaredType !== 'application/zip' || /\.zip$/i.test(declaredName)) {
    return { contentId, declaredName, declaredType, description, data, unzipped: false };
  }
  const entry = unzipSingle(data, caps);
  return {
    contentId,
    declaredName: declaredName || entry.name,
    declaredType: '',
    description,
    data: entry.data,
    unzipped: true,
  };
}

/**
 * Writes the attachments of a package into `outDir` as `0001.bin`, `0002.bin` … (a name from outside never becomes
 * a path) and returns what they are; when one is refused, none is left there. Manifest and attachments must name
 * the same content ids.
 */
export function extractAttachments(root: XmlTree, caps: EdxmlCaps, outDir: string): ParsedAttachment[] {
  const manifest = readManifest(one(root, 'edXMLEnvelope'));
  const nodes = all(one(root, 'AttachmentEncoded'), 'Attachment');
  if (nodes.length > caps.attachments) throw hostile(`more than ${caps.attachments} attachments`);
  const seen = new Set<string>();
  const names = new Set<string>();
  const attachments: ParsedAttachment[] = [];
  let total = 0;
  try {
    for (const node of nodes) {
      const { data, ...decoded } = decode(node, manifest, caps);
      if (seen.has(decoded.contentId))
        throw invalid(`two attachments have the content id ${decoded.contentId}`);
      seen.add(decoded.contentId);
      total += data.length;
      if (total > caps.totalBytes) throw hostile(`attachments of more than ${caps.totalBytes} bytes`);
      const ordinal = String(attachments.length + 1).padStart(4, '0');
      let name = safeFileName(decoded.declaredName, `tep-${ordinal}`);
      if (names.has(name.toLowerCase())) name = safeFileName(`${ordinal}-${name}`, `tep-${ordinal}`);
      names.add(name.toLowerCase());
      const path = join(outDir, `${ordinal}.bin`);
      writeDurably(path, data);
      attachments.push({
        name,
        declaredName: decoded.declaredName,
        description: decoded.description,
        contentId: decoded.contentId,
        mediaType: mediaTypeOf(decoded.declaredType, name),
        path,
        sha256: createHash('sha256').update(data).digest('hex'),
        bytes: data.length,
        unzipped: decoded.unzipped,
      });
    }
    for (const id of manifest.keys()) {
      if (!seen.has(id)) throw invalid(`the manifest names ${id}, which is missing`);
    }
    return attachments;
  } catch (thrown) {
    for (const { path } of attachments) rmSync(path, { force: true });
    throw thrown;
  }
}
