import { setImmediate as othersToo } from 'node:timers/promises';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import { vietnamIso } from '../../shared/clock.ts';
import { AnThuError, asAnThuError } from '../../shared/errors.ts';
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
import type { Outbox, OutboxRow } from '../../sync/outbox.ts';
import { encodeArrivalRecord, sha256Hex } from '../../sync/protocol.ts';
import { type EngineContext, mainAgency } from '../context.ts';
import { serverSecret } from '../province.ts';
import { version } from '../version.ts';
import { refuseInsideData } from './apart-from-data.ts';
import { claimOwner } from './claim-owner.ts';
import { operationOf } from './operation-body.ts';
import { takeFailure } from './operation-outcome.ts';

/** Office and secret of the account whose packages are written and taken. Errors: `sync.no-account`, `sync.no-secret`. */
export function mediaAccount(context: Pick<EngineContext, 'database' | 'folder' | 'settings'>): {
  office: ExportManifest['office'];
  secret: string;
} {
  const { officeId } = context.settings().sync;
  if (officeId === null) throw new AnThuError('sync.no-account');
  const secret = serverSecret(context.folder);
  if (secret === null) throw new AnThuError('sync.no-secret');
  const { organId, name } = mainAgency(context.database);
  return { office: { officeId, organId, organName: name }, secret };
}

/** An operation as the province would get it on the line: the same bytes, so the same receipt. Throws `store.row-damaged`. */
export function bodyOf(row: OutboxRow): {
  kind: 'arrival-record' | 'status';
  body: Buffer;
  object: { sha256: string; bytes: number } | null;
} {
  const operation = operationOf(row);
  if (operation.kind === 'status')
    return { kind: 'status', body: buildStatus(operation.status), object: null };
  const { record } = operation;
  const { sha256, bytes } = record.object;
  return { kind: 'arrival-record', body: encodeArrivalRecord(record), object: { sha256, bytes } };
}

/** What writing a package needs of the engine. */
type ExportParts = Pick<
  EngineContext,
  'actor' | 'audit' | 'clock' | 'database' | 'folder' | 'media' | 'objects' | 'outbox' | 'settings'
> & { readonly inbox: Pick<EngineContext['inbox'], 'unacknowledged'> };

interface ExportInput {
  readonly path: string;
  readonly retryBlocked: boolean;
}

/**
 * Writes all that has no receipt as one package into `path`. The operations stay in the queue: a later package carries them again, and
 * the line may send them too, for the province takes each id once. One whose file is missing or spoilt, or whose row is damaged, is parked with its
 * reason, as on the line, and holds up nothing else. Errors: {@link mediaAccount}, {@link writePackage}.
 */
export async function exportQueue(
  context: ExportParts,
  input: ExportInput,
): Promise<ProcedureOutput<'sync.export'>> {
  try {
    return await exportOnce(context, input);
  } catch (thrown) {
    if (!spoilt.has(asAnThuError(thrown).code) || !(await parkSpoilt(context))) throw thrown;
    return exportOnce(context, { ...input, retryBlocked: false });
  }
}

const spoilt = new Set<string>(['store.object-missing', 'store.object-changed', 'store.object-unreadable']);

/** Parks every operation whose file is not what was recorded. Returns whether there was one. */
async function parkSpoilt(context: ExportParts): Promise<boolean> {
  let found = false;
  for (const row of context.outbox.waitingWithObject()) {
    const problem = await context.objects
      .requireIntact(row.object_sha256)
      .then(() => undefined, asAnThuError);
    if (!problem || !spoilt.has(problem.code)) continue;
    takeFailure(context, row, problem);
    found = true;
  }
  return found;
}

async function exportOnce(context: ExportParts, input: ExportInput): Promise<ProcedureOutput<'sync.export'>> {
  const { outbox, media, audit, actor, database, clock } = context;
  const { office, secret } = mediaAccount(context);
  await requireFolder(input.path);
  await refuseInsideData(context.folder.root, input.path);
  const acknowledgements = context.inbox
    .unacknowledged()
    .slice(0, MAX_ITEMS)
    .map(({ packageId, sha256 }) => ({ id: packageId, sha256 }));
  // Counted as tried, and the number given, before anybody can have seen a byte.
  const begun = database.transaction(() => {
    if (input.retryBlocked) outbox.hurry({ blockedToo: true });
    const taken = outbox.takeForExport(MAX_ITEMS);
    return taken.length + acknowledgements.length === 0 ? null : { taken, ...media.begin() };
  });
  // Counted with what is taken: from now on the line may end some of either.
  const waiting = waitingIn(context);
  if (!begun) return { package: null, left: waiting };
  failpoint('sync.sending');
  const { taken, sequence, packageId } = begun;
  const operations = await operationsOf(context, taken);
  if (operations.length + acknowledgements.length === 0) return { package: null, left: waiting };
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
  const left = waiting - operations.length;
  const written = await writePackage({
    parent: input.path,
    name,
    manifest,
    files,
    secret,
    writer: claimOwner(context).id,
  });
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
    left,
  };
}

type CarriedOperation = ReturnType<typeof bodyOf> & {
  readonly operationId: string;
  readonly after: string | null;
};

/** A few milliseconds of work, then the event loop has its turn. */
const SLICE = 20;

/** What was taken, with bodies; one that is damaged is parked, and stays behind with the records that must come after it. */
async function operationsOf(
  context: ExportParts,
  taken: ReturnType<Outbox['takeForExport']>,
): Promise<readonly CarriedOperation[]> {
  const operations: CarriedOperation[] = [];
  const staying = new Set<string>();
  for (const [index, { id, after }] of taken.entries()) {
    if (index % SLICE === 0) await othersToo();
    const row = context.outbox.find(id);
    if (!row || (after !== null && staying.has(after))) {
      staying.add(id);
      continue;
    }
    try {
      operations.push({ ...bodyOf(row), operationId: id, after });
    } catch (thrown) {
      takeFailure(context, row, asAnThuError(thrown));
      staying.add(id);
    }
  }
  return operations;
}

function waitingIn({ outbox }: ExportParts): number {
  const { pending, blocked } = outbox.counts();
  return pending + blocked;
}
