import { Modal, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useContext, useState, type KeyboardEvent } from 'react';
import { useMessages } from '../i18n/use-messages.ts';
import { ChordKeys } from './chord-keys.tsx';
import { isComposing } from './chord.ts';
import { isAvailable } from './command-store.ts';
import { fold } from './fold.ts';
import { CommandsContext } from './use-commands.ts';
import './palette.css';

/** Keeps the chosen line in sight. */
function bringIntoView(line: HTMLElement | null): void {
  line?.scrollIntoView({ block: 'nearest' });
}

/** All that can be done now, found by typing (Ctrl+K). */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages();
  const store = useContext(CommandsContext);
  // What can be done is asked once, before the palette took the focus.
  const [available] = useState(() => store.all().filter(isAvailable));
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = available.filter((command) => fold(t(command.title)).includes(fold(query.trim())));
  const chosen = found[Math.min(active, found.length - 1)];

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((current) => (current + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      onClose();
      // The dialog gives the focus back first.
      setTimeout(chosen.run, 0);
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('palette.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      yOffset="12vh"
      centered={false}
      transitionProps={{ duration: 0 }}
    >
      <TextInput
        data-autofocus
        leftSection={<IconSearch size={15} aria-hidden />}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={chosen ? `palette-${chosen.id}` : undefined}
        value={query}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
      />
      <ul className="palette-list" id="palette-list" role="listbox" aria-label={t('palette.title')}>
        {found.map((command) => (
          <li
            key={command.id}
            id={`palette-${command.id}`}
            className="palette-item"
            role="option"
            aria-selected={command === chosen}
            ref={command === chosen ? bringIntoView : undefined}
            onClick={() => {
              onClose();
              setTimeout(command.run, 0);
            }}
          >
            <span>{t(command.title)}</span>
            {command.chord && <ChordKeys chord={command.chord} />}
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <Text c="dimmed" ta="center" py="md">
          {t('palette.nothing')}
        </Text>
      )}
    </Modal>
  );
}
