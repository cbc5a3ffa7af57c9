import type { ProcedureOutput } from '../../contract/procedures.ts';
import { vietnamIso } from '../../shared/clock.ts';
import { AnThuError } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import { type FolderFile, requireFolder } from '../../shared/whole-folder.ts';
import { buildStatus } from '../../sync/edxml/build.ts';
import {
  EXPORT_PREFIX,
  type ExportManifest,
  MAX_ITEMS,
  MEDIA_FORMAT,
  nameTime,
  objectFile,
  operationFile,
} from '../../sync/media/format.ts';
import { writePackage } from '../../sync/media/package-folder.ts';
import type { OutboxRow } from '../../sync/outbox.ts';
import { arrivalRecordSchema, encodeArrivalRecord, sha256Hex } from '../../sync/protocol.ts';
import { type EngineContext, mainAgency } from '../context.ts';
import { serverSecret } from '../province.ts';
import { version } from '../version.ts';
import { statusBodySchema } from './status-messages.ts';

/** Office and secret of the account whose packages are written and taken. Errors: `sync.no-account`, `sync.no-secret`. */
export function mediaAccount(context: EngineContext): { office: ExportManifest['office']; secret: string } {
  const { officeId } = context.settings().sync;
  if (officeId === null) throw new AnThuError('sync.no-account');
  const secret = serverSecret(context.folder);
  if (secret === null) throw new AnThuError('sync.no-secret');
  const { organId, name } = mainAgency(context.database);
  return { office: { officeId, organId, organName: name }, secret };
}

/** An operation as the province would get it on the line: the same bytes, so the same receipt. */
export function bodyOf(row: OutboxRow): {
  kind: 'arrival-record' | 'status';
  body: Buffer;
  object: { sha256: string; bytes: number } | null;
} {
  const value: unknown = JSON.parse(row.body);
  if (row.kind === 'edxml-status')
    return { kind: 'status', body: buildStatus(statusBodySchema.parse(value).status), object: null };
  const record = arrivalRecordSchema.parse(value);
  const { sha256, bytes } = record.object;
  return { kind: 'arrival-record', body: encodeArrivalRecord(record), object: { sha256, bytes } };
}

/**
 * Writes all that has no receipt as one package into `path`. The operations stay in the queue: a later package carries them again, and
 * the line may send them too, for the province takes each id once. Errors: {@link mediaAccount}, {@link writePackage}.
 */
export async function exportQueue(
  context: EngineContext,
  input: { readonly path: string; readonly retryBlocked: boolean },
): Promise<ProcedureOutput<'sync.export'>> {
  const { outbox, media, audit, actor, database, clock } = context;
  const { office, secret } = mediaAccount(context);
  await requireFolder(input.path);
  const acknowledgements = context.inbox
    .unacknowledged()
    .slice(0, MAX_ITEMS)
    .map(({ packageId, sha256 }) => ({ id: packageId, sha256 }));
  // Counted as tried, and the number given, before anybody can have seen a byte.
  const begun = database.transaction(() => {
    if (input.retryBlocked) outbox.hurry({ blockedToo: true });
    const rows = outbox.takeForExport(MAX_ITEMS);
    return rows.length + acknowledgements.length === 0 ? null : { rows, ...media.begin() };
  });
  const waiting = () => outbox.counts().pending + outbox.counts().blocked;
  if (!begun) return { package: null, left: waiting() };
  failpoint('sync.sending');
  const { rows, sequence, packageId } = begun;
  const operations = rows.map(({ row, after }) => ({ ...bodyOf(row), operationId: row.id, after }));
  const objects = new Map(
    operations.flatMap(({ object }) => (object ? [[object.sha256, object] as const] : [])),
  );
  const createdAt = vietnamIso(clock.now());
  const manifest: ExportManifest = {
    format: MEDIA_FORMAT,
    kind: 'export',
    packageId,
    sequence,
    createdAt,
    program: version,
    office,
    operations: operations.map(({ operationId, kind, body, object, after }) => ({
      operationId,
      kind,
      sha256: sha256Hex(body),
      bytes: body.length,
      objectSha256: object?.sha256 ?? null,
      after,
    })),
    objects: [...objects.values()],
    acknowledgements,
  };
  const files: FolderFile[] = [
    ...manifest.objects.map(({ sha256, bytes }) => ({
      name: objectFile(sha256),
      from: context.objects.path(sha256),
      sha256,
      bytes,
    })),
    ...operations.map((operation) => ({ name: operationFile(operation), content: operation.body })),
  ];
  const number = String(sequence).padStart(5, '0');
  const name = `${EXPORT_PREFIX}${office.officeId}-${number}-${nameTime(createdAt)}`;
  const written = await writePackage({ parent: input.path, name, manifest, files, secret });
  database.transaction(() => {
    media.written(sequence, written.manifestSha256);
    outbox.exported(
      operations.map(({ operationId }) => operationId),
      sequence,
    );
    audit.append({
      actor,
      action: 'sync.exported',
      subject: packageId,
      data: {
        sequence,
        manifestSha256: written.manifestSha256,
        operations: operations.length,
        objects: objects.size,
        acknowledgements: acknowledgements.length,
        bytes: written.bytes,
      },
    });
  });
  return {
    package: {
      path: written.path,
      sequence,
      manifestSha256: written.manifestSha256,
      operations: operations.length,
      objects: objects.size,
      acknowledgements: acknowledgements.length,
      bytes: written.bytes,
    },
    // The line may have ended some of them in the meantime.
    left: Math.max(0, waiting() - operations.length),
  };
}
