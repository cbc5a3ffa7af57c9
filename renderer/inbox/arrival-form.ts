import type { ArrivalFields, IntakeItem } from '../../core/contract/intake.ts';
import type { PageBox, Proposal, Urgency } from '../../core/contract/reading.ts';
import type { MessageKey } from '../i18n/catalogue.ts';

/** What stands in the form; dates as `yyyy-MM-dd`. */
export interface ArrivalForm {
  readonly docNumber: string;
  readonly docNotation: string;
  readonly docDate: string | null;
  readonly typeName: string;
  readonly issuer: string;
  readonly subject: string;
  readonly signerName: string;
  readonly urgency: Urgency;
  readonly receiver: string;
  readonly dueDate: string | null;
  readonly note: string;
  readonly arrivalDate: string | null;
}

export type FormField = keyof ArrivalForm;

/** Fields that a reading proposes. */
export type ProposedName = Extract<
  FormField,
  'docNumber' | 'docNotation' | 'docDate' | 'typeName' | 'issuer' | 'subject' | 'signerName' | 'urgency'
>;

/** Where the value of a field comes from: read from the page, seen and accepted, or typed. */
export type FieldMark = 'proposed' | 'confirmed' | 'edited';

/** The form as the reading proposes it; `today` is the date of arrival. */
export function formFrom(proposal: Proposal | null, today: string): ArrivalForm {
  return {
    docNumber: proposal?.docNumber?.value ?? '',
    docNotation: proposal?.docNotation?.value ?? '',
    docDate: proposal?.docDate?.value ?? null,
    typeName: proposal?.typeName?.value ?? '',
    issuer: proposal?.issuer?.value ?? '',
    subject: proposal?.subject?.value ?? '',
    signerName: proposal?.signerName?.value ?? '',
    urgency: proposal?.urgency?.value ?? 'thuong',
    receiver: '',
    dueDate: null,
    note: '',
    arrivalDate: today,
  };
}

/** Confidence and place of what was proposed for a field; null = nothing was found for it. */
export function proposedFor(
  proposal: Proposal | null,
  field: ProposedName,
): { readonly confidence: number; readonly box?: PageBox | undefined } | null {
  return proposal?.[field] ?? null;
}

/** What keeps the document from being registered: field and sentence. */
export function problemsOf(form: ArrivalForm): Partial<Record<FormField, MessageKey>> {
  const problems: Partial<Record<FormField, MessageKey>> = {};
  if (form.issuer.trim() === '') problems.issuer = 'form.issuer-required';
  if (form.typeName.trim() === '') problems.typeName = 'form.type-required';
  if (form.subject.trim() === '') problems.subject = 'form.subject-required';
  if (form.arrivalDate === null) problems.arrivalDate = 'form.arrival-date-required';
  if (form.docDate !== null && form.arrivalDate !== null && form.docDate > form.arrivalDate) {
    problems.docDate = 'form.date-after-arrival';
  }
  return problems;
}

/** The fields as the engine registers them. */
export function toArrivalFields(form: ArrivalForm): ArrivalFields {
  const { arrivalDate: _, ...fields } = form;
  return {
    ...fields,
    docNumber: form.docNumber.trim(),
    docNotation: form.docNotation.trim(),
    issuer: form.issuer.trim(),
    typeName: form.typeName.trim(),
    subject: form.subject.trim(),
    signerName: form.signerName.trim(),
    receiver: form.receiver.trim(),
    note: form.note.trim(),
  };
}

/** A name for a received file in lists: its number and notation when they were read, else its file name. */
export function intakeTitle(item: IntakeItem): string | null {
  const { docNumber, docNotation } = item.proposal ?? {};
  const parts = [docNumber?.value, docNotation?.value].filter((part) => part);
  return parts.length > 0 ? parts.join('/') : null;
}
