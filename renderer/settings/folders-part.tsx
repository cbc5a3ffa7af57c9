import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { IconFolderPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Settings } from '../../core/contract/system.ts';
import { chooseFolder } from '../engine/choose.ts';
import { useEngine } from '../engine/engine-context.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { notifyError } from '../ui/notify.ts';
import { Part } from './part.tsx';
import { useSave } from './use-save.ts';

/** Folders that the scanner writes to. */
export function FoldersPart({ folders }: { readonly folders: Settings['watchedFolders'] }) {
  const t = useMessages();
  const engine = useEngine();
  const { busy, save } = useSave();
  const [typed, setTyped] = useState('');
  const add = (path: string) => {
    if (path === '' || folders.some((folder) => folder.path === path)) return;
    save({ watchedFolders: [...folders, { path, polling: false }] });
    setTyped('');
  };
  return (
    <Part title={t('settings.folders')} about={t('settings.folders-about')}>
      {folders.map((folder) => (
        <div key={folder.path} className="settings-folder">
          <span className="mono" style={{ flex: 1 }}>
            {folder.path}
          </span>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={busy}
            aria-label={t('settings.folder-remove', { path: folder.path })}
            onClick={() => save({ watchedFolders: folders.filter((other) => other !== folder) })}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      {folders.length === 0 && <span className="soft">{t('settings.no-folders')}</span>}
      {engine.shell.chooseFolder ? (
        <div>
          <Button
            size="xs"
            variant="default"
            loading={busy}
            leftSection={<IconFolderPlus size={15} aria-hidden />}
            onClick={() =>
              void chooseFolder(engine.shell)
                .then((path) => add(path ?? ''))
                .catch(notifyError)
            }
          >
            {t('settings.folder-choose')}
          </Button>
        </div>
      ) : (
        <Group gap="xs" align="end">
          <TextInput
            size="xs"
            style={{ flex: 1 }}
            label={t('settings.folder-path')}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button size="xs" variant="default" loading={busy} onClick={() => add(typed.trim())}>
            {t('settings.folder-add')}
          </Button>
        </Group>
      )}
    </Part>
  );
}
