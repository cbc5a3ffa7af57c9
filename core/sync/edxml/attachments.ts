import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { all, hostile, invalid, one, textOf, type XmlTree } from './guarded-xml.ts';
import { safeFileName } from './safe-name.ts';
import type { EdxmlCaps, ParsedAttachment } from './types.ts';
import { unzipSingle } from './unzip-single.ts';

const stripCid = (id: string) => id.replace(/^cid:/i, '').trim();

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  xml: 'application/xml',
  zip: 'application/zip',
};

export function mediaTypeOfName(name: string): string {
  return MEDIA_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

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

/**
 * Writes the attachments of a package into `outDir` as `0001.bin`, `0002.bin` … (a name from outside never becomes
 * a path) and returns what they are. Zip-wrapped ones are unzipped when the name says they were not zips
 * (domain/vietnam.md §5.1, "Interop traps"). Manifest and attachments must name the same content ids.
 */
export function extractAttachments(root: XmlTree, caps: EdxmlCaps, outDir: string): ParsedAttachment[] {
  const manifest = readManifest(one(root, 'edXMLEnvelope'));
  const nodes = all(one(root, 'AttachmentEncoded'), 'Attachment');
  if (nodes.length > caps.attachments) throw hostile(`more than ${caps.attachments} attachments`);
  const seen = new Set<string>();
  const used = new Set<string>();
  let total = 0;
  const attachments = nodes.map((node, index): ParsedAttachment => {
    const ordinal = String(index + 1).padStart(4, '0');
    const contentId = stripCid(textOf(node, 'ContentId'));
    if (seen.has(contentId)) throw invalid(`two attachments have the content id ${contentId}`);
    seen.add(contentId);
    const listed = manifest.get(contentId);
    if (manifest.size > 0 && !listed) throw invalid(`attachment ${contentId} is not in the manifest`);
    const declaredType = textOf(node, 'ContentType').toLowerCase();
    let declaredName = textOf(node, 'AttachmentName') || listed?.name || '';
    let data = decodeBase64(one(node, 'ContentTransferEncoded')?.text() ?? '', caps);
    const wrapped = declaredType === 'application/zip' && !/\.zip$/i.test(declaredName);
    if (wrapped) {
      const entry = unzipSingle(data, caps);
      data = entry.data;
      declaredName ||= entry.name;
    }
    total += data.length;
    if (total > caps.totalBytes) throw hostile(`attachments of more than ${caps.totalBytes} bytes`);
    let name = safeFileName(declaredName, `tep-${ordinal}`);
    if (used.has(name.toLowerCase())) name = safeFileName(`${ordinal}-${name}`, `tep-${ordinal}`);
    used.add(name.toLowerCase());
    const path = join(outDir, `${ordinal}.bin`);
    writeDurably(path, data);
    return {
      name,
      declaredName,
      description: textOf(node, 'Description') || listed?.description || '',
      contentId,
      mediaType: wrapped || declaredType === '' ? mediaTypeOfName(name) : declaredType,
      path,
      sha256: createHash('sha256').update(data).digest('hex'),
      bytes: data.length,
      unzipped: wrapped,
    };
  });
  for (const id of manifest.keys()) {
    if (!seen.has(id)) throw invalid(`the manifest names ${id}, which is missing`);
  }
  return attachments;
}
