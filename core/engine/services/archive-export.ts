import { createHash } from 'node:crypto';
import { setImmediate as othersToo } from 'node:timers/promises';
import {
  entryCode,
  type Handover,
  HANDOVER_FORMAT,
  HANDOVER_JSON,
  HANDOVER_PREFIX,
  HANDOVER_SUMS,
  HANDOVER_XML,
  type HandoverEntry,
  type HandoverFile,
  handoverName,
  handoverSchema,
  type HandoverSignature,
  MOST_ENTRIES,
  sheetName,
} from '../../archive/handover-format.ts';
import { handoverXml } from '../../archive/handover-xml.ts';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import type { Arrival } from '../../contract/register.ts';
import type { FileReport } from '../../contract/verification.ts';
import type { DocumentObjectRow } from '../../documents/documents.ts';
import { vietnamIso } from '../../shared/clock.ts';
import { AnThuError } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { type FolderFile, requireFolder, writeFolderWhole } from '../../shared/whole-folder.ts';
import { type EngineContext, listRegisters, mainAgency, requireRegister } from '../context.ts';
import { version } from '../version.ts';
import { refuseInsideData } from './apart-from-data.ts';
import { claimOwner } from './claim-owner.ts';
import { verificationSheet } from './verification-sheet.ts';

const PAGE = 500;

/**
 * Writes the chosen stretch of a register as one package (docs/archive.md): files, list of contents in XML and JSON, verification sheets, hashes.
 * Whole or not at all, and read again after writing. What is not sealed yet stays for the next package.
 * Errors: `archive.export-too-many`, `archive.export-nothing`, those of {@link writeFolderWhole}.
 */
export async function exportArchive(
  context: EngineContext,
  input: ParsedInput<'archive.export'>,
): Promise<ProcedureOutput<'archive.export'>> {
  const { audit, actor, clock, database } = context;
  await requireFolder(input.path);
  await refuseInsideData(context.folder.root, input.path);
  const register = requireRegister(database, input.registerId);
  const arrivals = select(context, register.id, input);
  const ready = arrivals.filter((arrival) => isReady(context, arrival));
  if (ready.length === 0) throw new AnThuError('archive.export-nothing', { waiting: arrivals.length });
  const place = listRegisters(database).findIndex(({ id }) => id === register.id) + 1;
  const files: FolderFile[] = [];
  const entries: HandoverEntry[] = [];
  for (const arrival of ready) {
    // Many rows are read: the window has its turn between two entries.
    await othersToo();
    const made = await entryOf(context, arrival, {
      ordinal: entries.length + 1,
      code: entryCode(arrival, place),
    });
    entries.push(made.entry);
    files.push(...made.files);
  }
  const createdAt = vietnamIso(clock.now());
  const agency = mainAgency(database);
  const handover: Handover = handoverSchema.parse({
    format: HANDOVER_FORMAT,
    packageId: newId(clock.now()),
    createdAt,
    program: `Ấn Thư ${version}`,
    agency: { organId: agency.organId, name: agency.name, parentName: agency.parentName },
    register: register.name,
    selection: { year: input.year ?? null, from: input.from ?? null, to: input.to ?? null },
    auditHead: audit.list({ limit: 1 })[0]?.hash ?? null,
    entries,
  });
  files.push(
    { name: HANDOVER_JSON, content: Buffer.from(`${JSON.stringify(handover, null, 1)}\n`) },
    { name: HANDOVER_XML, content: Buffer.from(handoverXml(handover)) },
  );
  const sums = Buffer.from(files.map((file) => `${hashOf(file)}  ${file.name}\n`).join(''));
  const stamp = createdAt.slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  const written = await writeFolderWhole({
    parent: input.path,
    name: `${HANDOVER_PREFIX}${agency.organId}-${stamp}`,
    // Another computer of the office may be writing its register's package into the same folder.
    draftPrefix: `.dang-ghi-${claimOwner(context).id}~`,
    files: [...files, { name: HANDOVER_SUMS, content: sums }],
  });
  const sumsSha256 = createHash('sha256').update(sums).digest('hex');
  audit.append({
    actor,
    action: 'archive.exported',
    subject: 'archive',
    data: {
      packageId: handover.packageId,
      sumsSha256,
      entries: entries.length,
      files: files.length,
      bytes: written.bytes,
      ...handover.selection,
    },
  });
  return {
    path: written.path,
    packageId: handover.packageId,
    sumsSha256,
    entries: entries.length,
    files: files.length,
    bytes: written.bytes,
    left: arrivals.length - ready.length,
  };
}

/** In the order of time. */
function select(context: EngineContext, registerId: string, input: ParsedInput<'archive.export'>): Arrival[] {
  const query = { registerId, year: input.year, from: input.from, to: input.to, query: '', limit: PAGE };
  const { total } = context.register.list({ ...query, offset: 0, limit: 1 });
  if (total > MOST_ENTRIES) throw new AnThuError('archive.export-too-many', { total, most: MOST_ENTRIES });
  const rows: Arrival[] = [];
  while (rows.length < total) {
    const page = context.register.list({ ...query, offset: rows.length });
    if (page.rows.length === 0) break;
    rows.push(...page.rows);
  }
  return rows.toReversed();
}

/** Sealed, voided, or entered without a file: nothing of it is still to come. */
function isReady({ documents }: EngineContext, arrival: Arrival): boolean {
  return (
    arrival.documentState === 'sealed' ||
    arrival.voidedAt !== null ||
    documents.objects(arrival.documentId).length === 0
  );
}

/** What of a document goes with it, the sealed file first. Earlier revisions of it are its own beginning. */
function chosen(objects: readonly DocumentObjectRow[]): DocumentObjectRow[] {
  const sealed = objects.findLast(({ role }) => role === 'sealed');
  const others = objects.filter(
    ({ role }) => role === 'received' || role === 'attachment' || role === 'package',
  );
  const first = objects.find(({ role }) => role === 'sealed');
  // An e-document that a later timestamp was put over goes as it came too.
  const asReceived =
    first && first !== sealed && objects.some(({ role }) => role === 'package') ? [first] : [];
  return [...(sealed ? [sealed] : []), ...asReceived, ...others];
}

async function entryOf(
  context: EngineContext,
  arrival: Arrival,
  { ordinal, code }: { readonly ordinal: number; readonly code: string },
): Promise<{ entry: HandoverEntry; files: readonly FolderFile[] }> {
  const { documents, intake, audit, objects } = context;
  const { documentId } = arrival;
  const intakeId = intake.forDocument(documentId);
  const kept = chosen(documents.objects(documentId)).map((object, index) => ({
    object,
    name: handoverName(code, index + 1, object.media_type),
  }));
  const files: FolderFile[] = kept.map(({ name, object: { sha256, bytes } }) => ({
    name,
    from: objects.path(sha256),
    sha256,
    bytes,
  }));
  const listed: HandoverFile[] = kept.map(({ name, object }) => ({
    name,
    role: object.role === 'working-pdf' ? 'received' : object.role,
    mediaType: object.media_type,
    bytes: object.bytes,
    sha256: object.sha256,
    originalName: object.name,
  }));
  const checks = documents.checks(documentId);
  const newest = checks.findLast(({ sha256 }) => sha256 === kept[0]?.object.sha256);
  if (checks.length > 0) {
    const content = Buffer.from((await verificationSheet(context, { documentId })).pdf, 'base64');
    const name = sheetName(code);
    files.push({ name, content });
    listed.push({
      name,
      role: 'sheet',
      mediaType: 'application/pdf',
      bytes: content.length,
      sha256: hashOf({ name, content }),
      originalName: 'Phiếu kiểm tra chữ ký số',
    });
  }
  const { documentState: _state, levelPending: _level, delivery: _delivery, ...fields } = arrival;
  // All of them: what is handed over is not cut off.
  const history = audit.forSubjects(
    intakeId === null ? [documentId, arrival.id] : [documentId, arrival.id, intakeId],
    Number.MAX_SAFE_INTEGER,
  );
  const entry: HandoverEntry = {
    ordinal,
    code,
    arrival: fields,
    pages: intakeId === null ? null : (intake.get(intakeId).facts?.pages ?? null),
    files: listed,
    verdict: newest?.report.verdict ?? null,
    checkedAt: newest?.checkedAt ?? null,
    signatures: newest ? newest.report.signatures.map(signatureOf) : [],
    history: history.map(({ at, actor, action, hash }) => ({ at, actor, action, hash })),
  };
  return { entry, files };
}

function signatureOf(signature: FileReport['signatures'][number]): HandoverSignature {
  const { field, kind, level, indication, subIndication, timeSource, signer } = signature;
  return {
    field,
    kind,
    level,
    indication,
    subIndication,
    timeSource,
    signer: signer?.name ?? null,
    certificate: signer?.fingerprint ?? null,
    time: signature.bestSignatureTime,
  };
}

const hashOf = (file: FolderFile): string =>
  'content' in file ? createHash('sha256').update(file.content).digest('hex') : file.sha256;
