import { Stack, Text } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  readonly icon: Icon;
  readonly title: string;
  readonly children?: ReactNode;
}

/** What stands where nothing is to be shown: what this place is for and what to do. */
export function Empty({ icon: Sign, title, children }: Props) {
  return (
    <Stack align="center" justify="center" gap={6} p="xl" mih={180} ta="center">
      <Sign size={36} stroke={1.2} color="#8a929b" aria-hidden />
      <Text fw={600}>{title}</Text>
      {children && (
        <Text size="sm" c="dimmed" maw={420} component="div">
          {children}
        </Text>
      )}
    </Stack>
  );
}
