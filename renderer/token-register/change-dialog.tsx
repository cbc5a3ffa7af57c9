import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import { useAction } from '../engine/use-action.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { purposeWords } from './entry-words.ts';

interface Props {
  readonly entry: TokenEntry;
  readonly onClose: () => void;
}

/** Changes the name, purpose or note of a line; the reason goes to the log. */
export function ChangeDialog({ entry, onClose }: Props) {
  const t = useMessages();
  const change = useAction('token-register.change');
  const [name, setName] = useState(entry.name);
  const [purpose, setPurpose] = useState(entry.purpose);
  const [note, setNote] = useState(entry.note);
  return (
    <ReasonDialog
      title={t('token-register.change-title', { name: entry.name })}
      confirmLabel={t('action.save')}
      onClose={onClose}
      onConfirm={(reason) =>
        change.mutateAsync({ id: entry.id, name, purpose, note, reason: reason.slice(0, 200) })
      }
    >
      <TextInput
        size="xs"
        required
        label={t('token-register.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        label={t('token-register.purpose')}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value === 'agency' ? 'agency' : 'person')}
        data={[
          { value: 'agency', label: t(purposeWords.agency) },
          { value: 'person', label: t(purposeWords.person) },
        ]}
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
    </ReasonDialog>
  );
}
