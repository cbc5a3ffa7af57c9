import { Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Handover, TokenEntry } from '../../core/contract/token-register.ts';
import { useAction } from '../engine/use-action.ts';
import { dateInVietnam, now } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { DateField } from '../ui/date-field.tsx';
import { FormEnd } from '../ui/form-end.tsx';

interface Props {
  readonly entry: TokenEntry;
  readonly onClose: () => void;
  /** The line of the minutes that was written, to be printed. */
  readonly onWritten: (handover: Handover) => void;
}

/** Biên bản bàn giao: who gives, who receives, when. The receiver keeps the token from then on. */
export function HandOverDialog({ entry, onClose, onWritten }: Props) {
  const t = useMessages();
  const handOver = useAction('token-register.hand-over');
  const [givenBy, setGivenBy] = useState(entry.holder);
  const [receivedBy, setReceivedBy] = useState('');
  const [date, setDate] = useState<string | null>(dateInVietnam(now()));
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const missing = (value: string) => (tried && value.trim() === '' ? t('form.reason-required') : null);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setTried(true);
    const wrong = event.currentTarget.querySelector('[aria-invalid="true"]');
    if (givenBy.trim() === '' || receivedBy.trim() === '' || date === null || wrong) return;
    handOver.mutate(
      { id: entry.id, givenBy, receivedBy, date, note },
      {
        onSuccess: ({ handovers }) => {
          const written = handovers.toSorted((a, b) => b.number - a.number)[0];
          if (written) onWritten(written);
          else onClose();
        },
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('token-register.hand-over-title', { name: entry.name })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <span className="soft">{t('token-register.hand-over-about')}</span>
          <TextInput
            {...(entry.holder === '' ? { 'data-autofocus': true } : {})}
            size="xs"
            required
            label={t('token-register.given-by')}
            value={givenBy}
            maxLength={200}
            error={missing(givenBy)}
            onChange={(event) => setGivenBy(event.currentTarget.value)}
          />
          <TextInput
            {...(entry.holder === '' ? {} : { 'data-autofocus': true })}
            size="xs"
            required
            label={t('token-register.received-by')}
            value={receivedBy}
            maxLength={200}
            error={missing(receivedBy)}
            onChange={(event) => setReceivedBy(event.currentTarget.value)}
          />
          <DateField
            size="xs"
            required
            label={t('token-register.date')}
            value={date}
            onChange={setDate}
            error={tried && date === null ? t('form.date-wrong') : null}
          />
          <Textarea
            size="xs"
            label={t('token-register.note')}
            value={note}
            maxLength={1000}
            autosize
            minRows={2}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <FormEnd
            error={handOver.error}
            busy={handOver.isPending}
            submitLabel={t('token-register.write-minutes')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
