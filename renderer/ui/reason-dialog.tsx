import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useRef, useState, type ReactNode } from 'react';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from './error-notice.tsx';

interface Props {
  readonly title: string;
  readonly children?: ReactNode;
  readonly confirmLabel: string;
  readonly onClose: () => void;
  /** Closes the dialog when it resolves; shows the error when it rejects. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
}

/** Asks why; nothing is refused or voided without a reason. */
export function ReasonDialog({ title, children, confirmLabel, onClose, onConfirm }: Props) {
  const t = useMessages();
  const field = useRef<HTMLTextAreaElement>(null);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function confirm(): Promise<void> {
    const reason = field.current?.value.trim() ?? '';
    setMissing(reason === '');
    if (reason === '') return field.current?.focus();
    setBusy(true);
    try {
      await onConfirm(reason);
      onClose();
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <Stack gap="sm">
        {children}
        <Textarea
          ref={field}
          data-autofocus
          label={t('form.reason')}
          required
          maxLength={500}
          autosize
          minRows={3}
          error={missing ? t('form.reason-required') : null}
        />
        {error && <ErrorNotice error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" size="xs" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button size="xs" loading={busy} onClick={() => void confirm()}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
