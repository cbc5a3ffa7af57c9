import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMessages } from '../i18n/use-messages.ts';
import { Notice } from '../ui/notice.tsx';

interface Props {
  readonly sentences: readonly string[];
  readonly onClose: () => void;
  readonly onAccept: () => void;
}

/** Asks whether a document that seems to be registered already shall get a number of its own. */
export function DuplicateDialog({ sentences, onClose, onAccept }: Props) {
  const t = useMessages();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('duplicate.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <Stack gap="sm">
        {sentences.map((sentence) => (
          <Notice key={sentence} tone="warn">
            {sentence}
          </Notice>
        ))}
        <span>{t('duplicate.question')}</span>
        <Group justify="flex-end" gap="xs">
          <Button data-autofocus size="xs" variant="default" onClick={onClose}>
            {t('duplicate.review')}
          </Button>
          <Button size="xs" onClick={onAccept}>
            {t('duplicate.accept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
