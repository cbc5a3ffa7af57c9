import { Modal, SimpleGrid, Text } from '@mantine/core';
import { useContext, useState } from 'react';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ChordKeys } from './chord-keys.tsx';
import type { Command } from './command.ts';
import { fieldKeys } from './field-keys.ts';
import { CommandsContext } from './use-commands.ts';

const groups: readonly (readonly [Command['group'], MessageKey])[] = [
  ['inbox', 'commands.group-inbox'],
  ['page', 'commands.group-page'],
  ['register', 'commands.group-register'],
  ['document', 'commands.group-document'],
  ['sync', 'commands.group-sync'],
  ['token', 'commands.group-token'],
  ['go', 'commands.group-go'],
  ['help', 'commands.group-help'],
];

/** The keys of the current screen and of the whole window (F1), from the same table as the palette. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages();
  const store = useContext(CommandsContext);
  const [commands] = useState(() => store.all().filter((command) => command.chord));
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('shortcuts.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <SimpleGrid cols={2} spacing="xl" verticalSpacing="md">
        {groups
          .filter(([group]) => commands.some((command) => command.group === group))
          .map(([group, title]) => (
            <section key={group}>
              <Text fw={600} mb={4}>
                {t(title)}
              </Text>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <ShortcutLine key={command.id} title={t(command.title)} chord={command.chord!} />
                ))}
            </section>
          ))}
        <section>
          <Text fw={600} mb={4}>
            {t('commands.group-fields')}
          </Text>
          {fieldKeys.map(({ chord, title }) => (
            <ShortcutLine key={title} title={t(title)} chord={chord} />
          ))}
        </section>
      </SimpleGrid>
    </Modal>
  );
}

function ShortcutLine({ title, chord }: { readonly title: string; readonly chord: string }) {
  return (
    <div style={{ display: 'flex', justifyContent: 'space-between', gap: 12, padding: '3px 0' }}>
      <span>{title}</span>
      <ChordKeys chord={chord} />
    </div>
  );
}
