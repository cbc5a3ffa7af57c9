import { Button, Group } from '@mantine/core';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from './error-notice.tsx';

interface Props {
  readonly error: Error | null;
  readonly busy: boolean;
  readonly submitLabel: string;
  readonly onCancel: () => void;
}

/** The end of a dialog's form: why it was refused, and the buttons to leave it and to send it. */
export function FormEnd({ error, busy, submitLabel, onCancel }: Props) {
  const t = useMessages();
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <Group justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button size="xs" type="submit" loading={busy}>
          {submitLabel}
        </Button>
      </Group>
    </>
  );
}
