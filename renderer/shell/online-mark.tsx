import { IconCloudCheck, IconCloudOff } from '@tabler/icons-react';
import { useProcedure } from '../engine/use-procedure.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ToneMark } from '../ui/tone-mark.tsx';

/** Online or offline, as the last contact with the province tells. Offline is a normal state. */
export function OnlineMark() {
  const t = useMessages();
  const { data } = useProcedure('sync.status', {}, { every: 15_000 });
  if (!data) return null;
  if (data.serverUrl === null) return <ToneMark tone="idle">{t('sync.no-server')}</ToneMark>;
  const title = data.lastContactAt ? t('sync.last-contact-at', { at: showInstant(data.lastContactAt) }) : '';
  return data.online ? (
    <ToneMark tone="ok" icon={IconCloudCheck} title={title}>
      {t('sync.online')}
    </ToneMark>
  ) : (
    <ToneMark tone="warn" icon={IconCloudOff} title={title}>
      {t('sync.offline')}
    </ToneMark>
  );
}
