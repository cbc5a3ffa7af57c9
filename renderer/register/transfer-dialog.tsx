import { Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Arrival } from '../../core/contract/register.ts';
import { useAction } from '../engine/use-action.ts';
import { dateInVietnam, now } from '../format/date.ts';
import { showArrivalNumber } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { DateField } from '../ui/date-field.tsx';
import { FormEnd } from '../ui/form-end.tsx';

interface Props {
  readonly arrival: Arrival;
  readonly onClose: () => void;
}

/** Ngày chuyển and ký nhận of an entry, columns 7 to 9 of the register. */
export function TransferDialog({ arrival, onClose }: Props) {
  const t = useMessages();
  const transfer = useAction('register.transfer');
  const [receiver, setReceiver] = useState(arrival.receiver);
  const [transferDate, setTransferDate] = useState<string | null>(
    arrival.transferDate ?? dateInVietnam(now()),
  );
  const [receivedBy, setReceivedBy] = useState(arrival.receivedBy);
  const [tried, setTried] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setTried(true);
    const wrong = event.currentTarget.querySelector('[aria-invalid="true"]');
    if (receiver.trim() === '' || transferDate === null || wrong) return;
    transfer.mutate({ id: arrival.id, receiver, transferDate, receivedBy }, { onSuccess: onClose });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('register.transfer-title', { n: showArrivalNumber(arrival) })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <b>{arrival.subject}</b>
          <TextInput
            data-autofocus
            size="xs"
            required
            label={t('field.receiver')}
            value={receiver}
            maxLength={1000}
            error={tried && receiver.trim() === '' ? t('form.receiver-required') : null}
            onChange={(event) => setReceiver(event.currentTarget.value)}
          />
          <DateField
            size="xs"
            required
            label={t('column.transfer-date')}
            value={transferDate}
            onChange={setTransferDate}
            error={tried && transferDate === null ? t('form.date-wrong') : null}
          />
          <TextInput
            size="xs"
            label={t('field.received-by')}
            value={receivedBy}
            maxLength={200}
            onChange={(event) => setReceivedBy(event.currentTarget.value)}
          />
          <FormEnd
            error={transfer.error}
            busy={transfer.isPending}
            submitLabel={t('register.transfer')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
