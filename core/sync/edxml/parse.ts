import { readFileSync, statSync } from 'node:fs';
import { extractAttachments } from './attachments.ts';
import { hostile, invalid, one, withXml } from './guarded-xml.ts';
import { readHeader } from './read-header.ts';
import { findStatus, readStatus } from './read-status.ts';
import { defaultCaps, type EdxmlCaps, type EdxmlPackage, type EdxmlStatus } from './types.ts';

/**
 * Reads an edXML file from outside: a package, whose attachments are written into the existing empty folder
 * `outDir`, or a status of either dialect. Plain and synchronous, with a JSON-able result, so that it runs in a
 * killable worker. Errors: `sync.edxml-hostile` (an attack or beyond `caps`), `sync.edxml-invalid`.
 */
export function parseEdxml(
  bytes: Buffer,
  options: { readonly outDir: string; readonly caps?: EdxmlCaps },
): EdxmlPackage | EdxmlStatus {
  const caps = options.caps ?? defaultCaps;
  return withXml(bytes, caps, (root) => {
    const status = findStatus(root);
    if (status) return readStatus(status);
    if (root.name !== 'edXML') throw invalid(`root element is ${root.name.slice(0, 60)}, not edXML`);
    const header = readHeader(one(root, 'edXMLEnvelope'));
    return { kind: 'package', ...header, attachments: extractAttachments(root, caps, options.outDir) };
  });
}

/** As {@link parseEdxml}, from a file; the size cap is checked before anything is read. */
export function parseEdxmlFile(options: {
  readonly path: string;
  readonly outDir: string;
  readonly caps?: EdxmlCaps;
}): EdxmlPackage | EdxmlStatus {
  const caps = options.caps ?? defaultCaps;
  const { size } = statSync(options.path);
  if (size > caps.packageBytes) throw hostile(`${size} bytes, over ${caps.packageBytes}`);
  return parseEdxml(readFileSync(options.path), { outDir: options.outDir, caps });
}

/** A status message alone. Error: `sync.edxml-invalid` also when the file is a package. */
export function parseStatus(bytes: Buffer, caps: EdxmlCaps = defaultCaps): EdxmlStatus {
  return withXml(bytes, caps, (root) => {
    const status = findStatus(root);
    if (!status) throw invalid('not a status message');
    return readStatus(status);
  });
}
