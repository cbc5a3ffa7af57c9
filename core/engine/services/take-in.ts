import { reason } from '../../shared/reasons.ts';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { displayName } from '../../shared/file-names.ts';
import { MEDIA_TYPES, SNIFF_BYTES, sniffType } from '../../intake/sniff.ts';
import { failpoint } from '../../shared/failpoint.ts';
import type { ErrorValue } from '../../contract/errors/value.ts';
import { AnThuError, toErrorValue } from '../../shared/errors.ts';
import { type EngineContext, mainAgency } from '../context.ts';
import { jobKinds } from './job-kinds.ts';

/** What is taken in: a file lying somewhere safe, and the name of its claim. */
export interface TakenFile {
  readonly claim: string;
  readonly path: string;
  readonly originalName: string;
  readonly source: 'folder' | 'command';
  /** Asked after the copy: false when a writer was still busy with the file; it is then offered again. */
  readonly unchanged?: () => Promise<boolean>;
}

/**
 * Takes a file over for good: object first (copied, flushed, named), then one transaction with the row, the audit
 * entry and the first job. Repeating it for the same claim changes nothing. Returns the received file's id.
 */
export async function takeIn(context: EngineContext, file: TakenFile): Promise<string> {
  const known = context.intake.byClaim(file.claim);
  if (known) return known;
  const head = await readHead(file.path);
  const isPackage = isEdxml(file.originalName, head);
  const stored = await context.objects.put(file.path);
  if (file.unchanged && !(await file.unchanged())) {
    throw new AnThuError('intake.unreadable', {
      name: displayName(file.originalName),
      reason: reason('file.still-written'),
    });
  }
  failpoint('intake.object-stored');
  const id = context.database.transaction(() => {
    const intakeId = context.intake.add({
      agencyId: mainAgency(context.database).id,
      claim: file.claim,
      origin: isPackage ? 'electronic' : 'paper',
      source: file.source,
      originalName: displayName(file.originalName),
      sourcePath: file.path,
      sha256: stored.sha256,
      bytes: stored.bytes,
      mediaType: isPackage ? 'application/xml' : mediaTypeOf(head),
    });
    context.audit.append({
      actor: context.actor,
      action: 'intake.received',
      subject: intakeId,
      data: {
        name: displayName(file.originalName),
        sha256: stored.sha256,
        bytes: stored.bytes,
        source: file.source,
      },
    });
    context.jobs.add(isPackage ? jobKinds.inbound : jobKinds.check, intakeId);
    return intakeId;
  });
  failpoint('intake.recorded');
  context.emit('intake.changed', { id });
  return id;
}

/**
 * An e-document package that came by hand (double click, removable disk). It goes the way of those from the province, except
 * that nobody is told of its state: the sender's system did not deliver it.
 */
function isEdxml(name: string, head: Uint8Array): boolean {
  return /\.edxml$/iu.test(name) && /^(\u{feff})?\s*</u.test(Buffer.from(head).toString('utf8'));
}

function mediaTypeOf(head: Uint8Array): string {
  const type = sniffType(head);
  return type === 'unknown' ? 'application/octet-stream' : MEDIA_TYPES[type];
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(SNIFF_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, SNIFF_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new AnThuError('general.no-such-input', { path: basename(path) }, { cause: error });
  }
}

/**
 * Files named on the command line or chosen in the window: taken in as they are, the originals are left alone. One that
 * cannot be taken is told beside the others, so that nobody adds these again; fails when none could be.
 */
export async function addFiles(
  context: EngineContext,
  paths: readonly string[],
  newClaim: () => string,
): Promise<{ ids: string[]; failed: { path: string; error: ErrorValue }[] }> {
  for (const path of paths) {
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (!isFile) throw new AnThuError('general.no-such-input', { path });
  }
  const ids: string[] = [];
  const failed: { path: string; error: ErrorValue }[] = [];
  for (const [index, path] of paths.entries()) {
    const file = { claim: newClaim(), path, originalName: basename(path), source: 'command' } as const;
    try {
      ids.push(await takeIn(context, file));
    } catch (error) {
      if (ids.length === 0 && index === paths.length - 1) throw error;
      failed.push({ path, error: toErrorValue(error) });
    }
  }
  return { ids, failed };
}
