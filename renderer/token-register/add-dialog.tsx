import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { CertificateChoice, SigningPurpose } from '../../core/contract/certificate-choice.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { FormEnd } from '../ui/form-end.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { EntryFields, type EntryWords } from './entry-fields.tsx';

interface Props {
  readonly onClose: () => void;
  readonly onAdded: (id: string) => void;
  /** Only the keys of this token. */
  readonly tokenId?: string;
}

/** Enters the certificate of a token that is plugged in now. */
export function AddDialog({ onClose, onAdded, tokenId }: Props) {
  const t = useMessages();
  const choices = useProcedure('token.choices', { purpose: 'agency' });
  const fresh = choices.data?.choices.filter(
    (choice) =>
      choice.certificate &&
      choice.rememberedName === null &&
      (tokenId === undefined || choice.tokenId === tokenId),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('token-register.add-title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      {choices.error && <ErrorNotice error={choices.error} />}
      {choices.isPending && <Loading />}
      {fresh?.length === 0 && (
        <Stack gap="sm">
          <Notice tone="info">{t('token-register.nothing-to-add')}</Notice>
          <Group justify="flex-end">
            <Button size="xs" variant="default" data-autofocus onClick={onClose}>
              {t('action.close')}
            </Button>
          </Group>
        </Stack>
      )}
      {fresh && fresh.length > 0 && <AddForm choices={fresh} onClose={onClose} onAdded={onAdded} />}
    </Modal>
  );
}

const purposeOf = (choice: CertificateChoice | undefined): SigningPurpose =>
  choice?.assessment?.owner === 'agency' ? 'agency' : 'person';

type FormProps = Pick<Props, 'onClose' | 'onAdded'> & { readonly choices: readonly CertificateChoice[] };

function AddForm({ choices, onClose, onAdded }: FormProps) {
  const t = useMessages();
  const add = useAction('token-register.add');
  const [keyUri, setKeyUri] = useState(choices[0]?.keyUri ?? '');
  const chosen = choices.find((choice) => choice.keyUri === keyUri);
  const [words, setWords] = useState<EntryWords>({ name: '', purpose: purposeOf(chosen), note: '' });
  const [holder, setHolder] = useState('');
  const [tried, setTried] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (words.name.trim() === '') return;
    add.mutate(
      { keyUri, holder, ...words },
      {
        onSuccess: ({ id }) => {
          onAdded(id);
          onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <NativeSelect
          size="xs"
          label={t('token-register.certificate')}
          value={keyUri}
          onChange={(event) => {
            const uri = event.currentTarget.value;
            setKeyUri(uri);
            const purpose = purposeOf(choices.find((choice) => choice.keyUri === uri));
            setWords({ ...words, purpose });
          }}
          data={choices.map((choice) => ({
            value: choice.keyUri,
            label: `${choice.certificate?.commonName ?? choice.keyLabel} – ${choice.tokenLabel}`,
          }))}
        />
        <EntryFields value={words} onChange={setWords} nameMissing={tried && words.name.trim() === ''}>
          <TextInput
            size="xs"
            label={t('token-register.holder')}
            value={holder}
            maxLength={200}
            onChange={(event) => setHolder(event.currentTarget.value)}
          />
        </EntryFields>
        <FormEnd
          error={add.error}
          busy={add.isPending}
          submitLabel={t('token-register.add')}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
}
