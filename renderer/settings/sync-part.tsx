import { Button, Group, NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../core/contract/system.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Facts } from '../ui/facts.tsx';
import { Part } from './part.tsx';
import { useSave } from './use-save.ts';

/** How often the queue is worked on; server and account are the administrator's. */
export function SyncPart({ sync }: { readonly sync: Settings['sync'] }) {
  const t = useMessages();
  const { busy, save } = useSave();
  const [seconds, setSeconds] = useState<string | number>(sync.everySeconds);
  const valid = typeof seconds === 'number' && seconds >= 5;
  return (
    <Part title={t('settings.sync')} about={t('settings.sync-about')}>
      <Facts
        rows={[
          [
            t('sync.server'),
            <span key="url" className="mono">
              {sync.serverUrl ?? t('sync.no-server')}
            </span>,
          ],
          [t('settings.office'), sync.officeId],
        ]}
      />
      <Group align="end" gap="xs">
        <NumberInput
          size="xs"
          w={200}
          label={t('settings.every-seconds')}
          min={5}
          max={86_400}
          allowDecimal={false}
          value={seconds}
          onChange={setSeconds}
          error={valid ? null : t('settings.every-seconds-wrong')}
        />
        <Button
          size="xs"
          loading={busy}
          disabled={!valid}
          onClick={() => valid && save({ sync: { everySeconds: seconds } })}
        >
          {t('action.save')}
        </Button>
      </Group>
    </Part>
  );
}
