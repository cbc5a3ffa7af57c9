import { Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { CertificateChoice, SigningPurpose } from '../../core/contract/certificate-choice.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { purposeWords } from './entry-words.ts';

interface Props {
  readonly onClose: () => void;
  readonly onAdded: (id: string) => void;
}

/** Enters the certificate of a token that is plugged in now. */
export function AddDialog({ onClose, onAdded }: Props) {
  const t = useMessages();
  const choices = useProcedure('token.choices', { purpose: 'agency' });
  const fresh = choices.data?.choices.filter(
    (choice) => choice.certificate && choice.rememberedName === null,
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

function AddForm({ choices, onClose, onAdded }: Props & { readonly choices: readonly CertificateChoice[] }) {
  const t = useMessages();
  const add = useAction('token-register.add');
  const [keyUri, setKeyUri] = useState(choices[0]?.keyUri ?? '');
  const chosen = choices.find((choice) => choice.keyUri === keyUri);
  const [purpose, setPurpose] = useState<SigningPurpose>(purposeOf(chosen));
  const [name, setName] = useState('');
  const [holder, setHolder] = useState('');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '') return;
    add.mutate(
      { keyUri, name, holder, purpose, note },
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
            setPurpose(purposeOf(choices.find((choice) => choice.keyUri === uri)));
          }}
          data={choices.map((choice) => ({
            value: choice.keyUri,
            label: `${choice.certificate?.commonName ?? choice.keyLabel} – ${choice.tokenLabel}`,
          }))}
        />
        <TextInput
          data-autofocus
          size="xs"
          required
          label={t('token-register.name')}
          description={t('token-register.name-about')}
          value={name}
          maxLength={200}
          error={tried && name.trim() === '' ? t('token-register.name-required') : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={t('token-register.holder')}
          value={holder}
          maxLength={200}
          onChange={(event) => setHolder(event.currentTarget.value)}
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
        {add.error && <ErrorNotice error={add.error} />}
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button size="xs" type="submit" loading={add.isPending}>
            {t('token-register.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
