import { useState } from 'react';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { dateInVietnam } from '../format/date.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { formFrom, problemsOf, type ArrivalForm, type FieldMark, type FormField } from './arrival-form.ts';

export interface ArrivalFormState {
  readonly form: ArrivalForm;
  readonly marks: Partial<Record<FormField, FieldMark>>;
  /** Shown only after the clerk tried to register. */
  readonly problems: Partial<Record<FormField, MessageKey>>;
  readonly change: <F extends FormField>(field: F, value: ArrivalForm[F]) => void;
  /** The clerk has seen the proposal and goes on. */
  readonly confirm: (field: FormField) => void;
  /** True when nothing is missing; otherwise the problems show. */
  readonly check: () => boolean;
}

/** The form of one received file. Mount it anew (by `key`) for another file or a new proposal. */
export function useArrivalForm(item: IntakeItem): ArrivalFormState {
  const [form, setForm] = useState(() => formFrom(item.proposal, dateInVietnam(new Date())));
  const [marks, setMarks] = useState<Partial<Record<FormField, FieldMark>>>({});
  const [tried, setTried] = useState(false);
  const problems = problemsOf(form);
  return {
    form,
    marks,
    problems: tried ? problems : {},
    change(field, value) {
      setForm((current) => ({ ...current, [field]: value }));
      setMarks((current) => ({ ...current, [field]: 'edited' }));
    },
    confirm(field) {
      setMarks((current) => (current[field] === 'edited' ? current : { ...current, [field]: 'confirmed' }));
    },
    check() {
      setTried(true);
      return Object.keys(problems).length === 0;
    },
  };
}
