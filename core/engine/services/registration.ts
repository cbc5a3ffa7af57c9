import { concernReasons } from '../../verification/concern-reasons.ts';
import { z } from 'zod';
import type { IntakeItem } from '../../contract/intake.ts';
import type { Arrival } from '../../contract/register.ts';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import type { ClerkAdvice } from '../../contract/verification.ts';
import { isSigningRisk } from '../../contract/verification-concerns.ts';
import { AnThuError } from '../../shared/errors.ts';
import { awaitsRevocation } from '../../verification/report-words.ts';
import { failpoint } from '../../shared/failpoint.ts';
import type { ObjectRole } from '../../documents/documents.ts';
import { type EngineContext, mainAgency, requireRegister } from '../context.ts';
import { type StatusParts, acceptanceWords, queueStatus } from './status-messages.ts';
import { jobKinds } from './job-kinds.ts';

const attachmentRowSchema = z.object({ sha256: z.string(), name: z.string() });

/** What entering a received file needs of the engine. */
export type RegistrationParts = StatusParts &
  Pick<EngineContext, 'audit' | 'documents' | 'emit' | 'intake' | 'jobs' | 'register'>;

/**
 * Vào sổ: one transaction with the document, its files, the register row with its number, the audit entries and
 * what follows (the signature for paper; sealing as received and status 03 for an e-document).
 */
export function acceptIntake(
  context: RegistrationParts,
  input: ParsedInput<'intake.accept'>,
): ProcedureOutput<'intake.accept'> {
  const arrival = context.database.transaction(() => {
    const item = context.intake.get(input.id);
    requireAcceptable(item, input.decision);
    const register = requireRegister(context.database, input.registerId);
    const agency = mainAgency(context.database);
    const documentId = context.documents.create(agency.id, item.origin === 'paper' ? 'signing' : 'sealed');
    attachFiles(context, item, documentId);
    const entered = context.register.enter(
      {
        registerId: register.id,
        documentId,
        origin: item.origin,
        fields: input.fields,
        arrivalDate: input.arrivalDate,
        lostNumber: input.lostNumber,
        duplicateAccepted: input.duplicateAccepted,
      },
      context.actor,
    );
    context.intake.update(item.id, { state: 'accepted', documentId, error: null });
    if (input.decision !== '')
      context.audit.append({
        actor: context.actor,
        action: 'register.decided',
        subject: documentId,
        data: {
          reason: input.decision,
          advice: item.verification?.advice ?? null,
          concerns: item.warnings.map(({ code }) => code).filter(isSigningRisk),
        },
      });
    if (item.origin === 'paper') context.jobs.add(jobKinds.sign, documentId);
    else sealAsReceived(context, item, documentId, entered);
    failpoint('register.before-commit');
    return entered;
  });
  failpoint('register.committed');
  context.emit('intake.changed', { id: input.id });
  context.emit('register.changed', { id: arrival.id });
  return {
    arrivalId: arrival.id,
    documentId: arrival.documentId,
    year: arrival.year,
    number: arrival.number,
  };
}

function requireAcceptable(item: IntakeItem, decision: string): void {
  if (item.state !== 'proposed') throw new AnThuError('register.not-acceptable', { state: item.state });
  const reports = [item.verification, item.packageVerification].flatMap((report) => report ?? []);
  if (reports.some(({ verdict }) => verdict === 'invalid'))
    throw new AnThuError('register.signature-refused');
  // What enters on paper is signed next: whoever registers it has seen what the file holds (docs/decisions/before-signing.md).
  const risks = item.origin === 'paper' && item.warnings.filter(({ code }) => isSigningRisk(code));
  if (risks && risks[0] && decision === '')
    throw new AnThuError('register.concerns-unaccepted', {
      reason: concernReasons(risks),
    });
  const advice = item.verification?.advice;
  if (advice && needsDecision.has(advice) && decision === '')
    throw new AnThuError('register.decision-needed', { advice });
}

/** What the table leaves to the clerk, who says why (domain/vietnam.md §3.4: "clerk decides, note kept"; "ask"). */
const needsDecision: ReadonlySet<ClerkAdvice> = new Set(['ask', 'decide', 'as-paper']);

function attachFiles(context: RegistrationParts, item: IntakeItem, documentId: string): void {
  const add = (sha256: string, role: ObjectRole, name: string) =>
    context.documents.addObject(documentId, { sha256, role, name });
  if (item.origin === 'paper') {
    add(item.sha256, 'received', item.originalName);
    if (item.pdfSha256) add(item.pdfSha256, 'working-pdf', 'bản số hóa.pdf');
    return;
  }
  add(item.sha256, 'package', item.originalName);
  const attachments = context.database.all(
    attachmentRowSchema,
    'SELECT sha256, name FROM intake_attachment WHERE intake_id = @id ORDER BY position',
    { id: item.id },
  );
  // The same file twice (an annex that was attached again) is one file here; the package keeps both names.
  const distinct = new Map(attachments.toReversed().map((attachment) => [attachment.sha256, attachment]));
  for (const { sha256, name } of [...distinct.values()].toReversed())
    add(sha256, sha256 === item.pdfSha256 ? 'sealed' : 'attachment', name);
}

/** An e-document is archived exactly as it came: nothing is drawn on it and nothing is signed (domain/vietnam.md §0.5). */
function sealAsReceived(
  context: RegistrationParts,
  item: IntakeItem,
  documentId: string,
  arrival: Arrival,
): void {
  for (const { sha256, report, checkedAt } of context.intake.judgements(item.id))
    context.documents.addCheck(documentId, sha256, report, checkedAt);
  context.audit.append({
    actor: context.actor,
    action: 'document.sealed',
    subject: documentId,
    data: {
      sha256: item.pdfSha256 ?? item.sha256,
      asReceived: true,
      verdict: item.verification?.verdict ?? null,
    },
  });
  if (item.verification && awaitsRevocation(item.verification)) {
    // Registered at once, told to the sender when the revocation state is known.
    context.jobs.add(jobKinds.recheck, documentId);
    return;
  }
  queueStatus(context, {
    intakeId: item.id,
    documentId,
    code: '03',
    description: acceptanceWords(arrival),
  });
}

/** Not entered, with a reason; the file and its history stay. An e-document is returned to its sender (status 02). */
export function dismissIntake(context: RegistrationParts, id: string, reason: string): IntakeItem {
  const item = context.database.transaction(() => {
    const before = context.intake.get(id);
    if (before.state === 'accepted' || before.state === 'quarantined' || before.state === 'dismissed') {
      throw new AnThuError('register.not-acceptable', { state: before.state });
    }
    context.intake.update(id, { state: 'dismissed', dismissReason: reason });
    context.audit.append({ actor: context.actor, action: 'intake.dismissed', subject: id, data: { reason } });
    if (before.origin === 'electronic') {
      queueStatus(context, { intakeId: id, documentId: null, code: '02', description: reason });
    }
    return context.intake.get(id);
  });
  context.emit('intake.changed', { id });
  return item;
}

/** A paper-only or late entry without a file (số phụ with `lateAfter`). */
export function enterWithoutFile(context: EngineContext, input: ParsedInput<'register.enter'>): Arrival {
  const arrival = context.database.transaction(() => {
    const documentId = context.documents.create(mainAgency(context.database).id, 'registered');
    return context.register.enter(
      {
        registerId: requireRegister(context.database, input.registerId).id,
        documentId,
        origin: 'paper',
        fields: input.fields,
        arrivalDate: input.arrivalDate,
        lateAfter: input.lateAfter,
        lostNumber: input.lostNumber,
        duplicateAccepted: input.duplicateAccepted,
      },
      context.actor,
    );
  });
  context.emit('register.changed', { id: arrival.id });
  return arrival;
}
