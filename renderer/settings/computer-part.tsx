import { Button, Switch } from '@mantine/core';
import { IconPackageImport } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { useEngine } from '../engine/engine-context.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { notifyDone, notifyError } from '../ui/notify.ts';
import { Part } from './part.tsx';

const preferencesSchema = z.object({
  startWithSystem: z.boolean().nullable(),
  startIsFixed: z.boolean(),
  updates: z.enum(['off', 'bundle', 'feed']),
});

const queryKey = ['shell', 'preferences'];

/** What the program does on this computer, beside the office's own settings; shown where a desktop shell runs it. */
export function ComputerPart() {
  const t = useMessages();
  const { shell } = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { preferences, startWithSystem, installUpdate } = shell;
  const asked = useQuery({
    queryKey,
    enabled: preferences !== undefined,
    queryFn: async () => preferencesSchema.parse(await preferences?.()),
  });
  if (!asked.data) return null;
  const { startWithSystem: starts, startIsFixed, updates } = asked.data;

  async function work(step: () => Promise<void>): Promise<void> {
    setBusy(true);
    try {
      await step();
    } catch (thrown) {
      notifyError(thrown);
    } finally {
      setBusy(false);
    }
  }
  const chooseStart = (value: boolean) =>
    work(async () => {
      queries.setQueryData(queryKey, preferencesSchema.parse(await startWithSystem?.(value)));
    });
  const install = () =>
    work(async () => {
      const version = z
        .string()
        .nullable()
        .parse(await installUpdate?.());
      if (version !== null) notifyDone(t('settings.update-begun', { version }));
    });

  return (
    <Part title={t('settings.computer')}>
      {starts !== null && (
        <Switch
          size="xs"
          label={t('settings.start-with-system')}
          description={startIsFixed ? t('settings.start-fixed') : undefined}
          checked={starts}
          disabled={busy || startIsFixed}
          onChange={(event) => void chooseStart(event.currentTarget.checked)}
        />
      )}
      {updates === 'off' ? (
        <span className="soft">{t('settings.updates-off')}</span>
      ) : (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPackageImport size={15} aria-hidden />}
            loading={busy}
            onClick={() => void install()}
          >
            {t('settings.update-from-file')}
          </Button>
        </div>
      )}
    </Part>
  );
}
