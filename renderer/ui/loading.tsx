import { Group, Loader, Text } from '@mantine/core';
import { useMessages } from '../i18n/use-messages.ts';

/** Shown while the engine is asked. */
export function Loading() {
  const t = useMessages();
  return (
    <Group justify="center" p="xl" gap="xs" role="status">
      <Loader size="xs" />
      <Text c="dimmed">{t('state.loading')}</Text>
    </Group>
  );
}
