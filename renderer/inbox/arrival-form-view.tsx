import { Autocomplete, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useRef, type KeyboardEvent } from 'react';
import { documentTypes } from '../../core/contract/document-types.ts';
import { urgencySchema, type PageBox, type Proposal } from '../../core/contract/reading.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { DateField } from '../ui/date-field.tsx';
import { ArrivalField } from './arrival-field.tsx';
import { proposedFor, type FormField, type ProposedName } from './arrival-form.ts';
import { FieldConfidence } from './field-confidence.tsx';
import { acceptsField, focusNext } from './field-keys.ts';
import { urgencyWords } from './urgency-words.ts';
import type { ArrivalFormState } from './use-arrival-form.ts';

const typeNames = documentTypes.map((type) => type.name);

interface Props {
  readonly state: ArrivalFormState;
  readonly proposal: Proposal | null;
  /** The place on the page of the field that has the focus. */
  readonly onBox: (box: PageBox | undefined) => void;
}

/** The register's fields with what was read from the page. Enter accepts a field and goes on. */
export function ArrivalFormView({ state, proposal, onBox }: Props) {
  const t = useMessages();
  const root = useRef<HTMLDivElement>(null);
  const { form, marks, problems, change } = state;

  function onKeyDown(event: KeyboardEvent<HTMLElement>, field: FormField): void {
    // An open list of suggestions takes Enter for itself.
    const listOpen =
      event.currentTarget.getAttribute('aria-expanded') === 'true' && pickedOption(event.currentTarget);
    if (!acceptsField({ ...pick(event), isComposing: event.nativeEvent.isComposing }) || listOpen) return;
    event.preventDefault();
    state.confirm(field);
    focusNext(root.current!.closest<HTMLElement>('[data-arrival]') ?? root.current!, event.currentTarget);
  }

  const control = (field: FormField) => ({
    'data-field': field,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => onKeyDown(event, field),
    error: problems[field] ? t(problems[field]) : null,
  });
  const proposed = (field: ProposedName) => {
    const found = proposedFor(proposal, field);
    return {
      mark: <FieldConfidence mark={marks[field]} confidence={found?.confidence ?? null} />,
      onFocus: () => onBox(found?.box),
    };
  };
  const plain = { onFocus: () => onBox(undefined) };
  const docNumber = proposed('docNumber');
  const docNotation = proposed('docNotation');
  const docDate = proposed('docDate');
  const typeName = proposed('typeName');
  const issuer = proposed('issuer');
  const subject = proposed('subject');
  const signerName = proposed('signerName');
  const urgency = proposed('urgency');

  return (
    <div className="arrival-form" ref={root}>
      <ArrivalField label="field.doc-number" mark={docNumber.mark}>
        {(id) => (
          <TextInput
            id={id}
            size="xs"
            maxLength={30}
            value={form.docNumber}
            onFocus={docNumber.onFocus}
            onChange={(event) => change('docNumber', event.currentTarget.value)}
            {...control('docNumber')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.doc-notation" mark={docNotation.mark}>
        {(id) => (
          <TextInput
            id={id}
            size="xs"
            maxLength={60}
            value={form.docNotation}
            onFocus={docNotation.onFocus}
            onChange={(event) => change('docNotation', event.currentTarget.value)}
            {...control('docNotation')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.doc-date" mark={docDate.mark}>
        {(id) => (
          <DateField
            id={id}
            size="xs"
            value={form.docDate}
            onFocus={docDate.onFocus}
            onChange={(value) => change('docDate', value)}
            {...control('docDate')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.type" required mark={typeName.mark}>
        {(id) => (
          <Autocomplete
            id={id}
            size="xs"
            maxLength={100}
            data={typeNames}
            value={form.typeName}
            onFocus={typeName.onFocus}
            onChange={(value) => change('typeName', value)}
            openOnFocus={false}
            {...control('typeName')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.issuer" required wide mark={issuer.mark}>
        {(id) => (
          <TextInput
            id={id}
            size="xs"
            maxLength={500}
            value={form.issuer}
            onFocus={issuer.onFocus}
            onChange={(event) => change('issuer', event.currentTarget.value)}
            {...control('issuer')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.subject" required wide mark={subject.mark}>
        {(id) => (
          <Textarea
            id={id}
            size="xs"
            maxLength={2000}
            autosize
            minRows={2}
            maxRows={6}
            value={form.subject}
            onFocus={subject.onFocus}
            onChange={(event) => change('subject', event.currentTarget.value)}
            {...control('subject')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.signer" mark={signerName.mark}>
        {(id) => (
          <TextInput
            id={id}
            size="xs"
            maxLength={100}
            value={form.signerName}
            onFocus={signerName.onFocus}
            onChange={(event) => change('signerName', event.currentTarget.value)}
            {...control('signerName')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.urgency" mark={urgency.mark}>
        {(id) => (
          <NativeSelect
            id={id}
            size="xs"
            value={form.urgency}
            onFocus={urgency.onFocus}
            onChange={(event) => change('urgency', urgencySchema.parse(event.currentTarget.value))}
            data={urgencySchema.options.map((value) => ({ value, label: t(urgencyWords[value]) }))}
            {...control('urgency')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.arrival-date" required>
        {(id) => (
          <DateField
            id={id}
            size="xs"
            value={form.arrivalDate}
            {...plain}
            onChange={(value) => change('arrivalDate', value)}
            {...control('arrivalDate')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.due-date">
        {(id) => (
          <DateField
            id={id}
            size="xs"
            value={form.dueDate}
            {...plain}
            onChange={(value) => change('dueDate', value)}
            {...control('dueDate')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.receiver" wide>
        {(id) => (
          <TextInput
            id={id}
            size="xs"
            maxLength={1000}
            value={form.receiver}
            {...plain}
            onChange={(event) => change('receiver', event.currentTarget.value)}
            {...control('receiver')}
          />
        )}
      </ArrivalField>
      <ArrivalField label="field.note" wide>
        {(id) => (
          <TextInput
            id={id}
            size="xs"
            maxLength={500}
            value={form.note}
            {...plain}
            onChange={(event) => change('note', event.currentTarget.value)}
            {...control('note')}
          />
        )}
      </ArrivalField>
    </div>
  );
}

function pick(event: KeyboardEvent) {
  const { key, shiftKey, ctrlKey, altKey, metaKey, keyCode } = event;
  return { key, shiftKey, ctrlKey, altKey, metaKey, keyCode };
}

/** Whether the field's list of suggestions has one picked. */
function pickedOption(field: Element): boolean {
  const list = document.getElementById(field.getAttribute('aria-controls') ?? '');
  return Boolean(list?.querySelector('[data-combobox-selected]'));
}
