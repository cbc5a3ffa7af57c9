import { useState } from 'react';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import { useAction } from '../engine/use-action.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { EntryFields, type EntryWords } from './entry-fields.tsx';

interface Props {
  readonly entry: TokenEntry;
  readonly onClose: () => void;
}

/** Changes the name, purpose or note of a line; the reason goes to the log. */
export function ChangeDialog({ entry, onClose }: Props) {
  const t = useMessages();
  const change = useAction('token-register.change');
  const [words, setWords] = useState<EntryWords>({
    name: entry.name,
    purpose: entry.purpose,
    note: entry.note,
  });
  return (
    <ReasonDialog
      title={t('token-register.change-title', { name: entry.name })}
      confirmLabel={t('action.save')}
      onClose={onClose}
      onConfirm={(reason) => change.mutateAsync({ id: entry.id, ...words, reason: reason.slice(0, 200) })}
    >
      <EntryFields value={words} onChange={setWords} nameMissing={words.name.trim() === ''} />
    </ReasonDialog>
  );
}
