import {
  IconClockShield,
  IconDatabaseExport,
  IconFolders,
  IconServer2,
  IconShieldSearch,
  IconTextScan2,
  IconUsb,
  type Icon,
} from '@tabler/icons-react';
import type { z } from 'zod';
import type { serviceStateSchema } from '../../core/contract/system.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { Facts } from '../ui/facts.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import type { Tone } from '../ui/tone.ts';
import { detailRows } from './service-detail.ts';

type Service = z.infer<typeof serviceStateSchema>;

const names: Record<Service['name'], readonly [Icon, MessageKey]> = {
  scanner: [IconShieldSearch, 'service.scanner'],
  server: [IconServer2, 'service.server'],
  tsa: [IconClockShield, 'service.tsa'],
  ocr: [IconTextScan2, 'service.ocr'],
  token: [IconUsb, 'service.token'],
  folders: [IconFolders, 'service.folders'],
  backup: [IconDatabaseExport, 'service.backup'],
};

const states: Record<Service['state'], readonly [Tone, MessageKey]> = {
  ok: ['ok', 'service.ok'],
  unavailable: ['warn', 'service.unavailable'],
  off: ['idle', 'service.off'],
};

/** A backup is nothing that one reaches: it is old, not whole or not there. */
const standing = ({ name, state }: Service): readonly [Tone, MessageKey] =>
  name === 'backup' && state === 'unavailable' ? ['warn', 'service.attention'] : states[state];

/** How a service is: a sentence, and the facts beside it. */
export function ServiceCard({ service }: { readonly service: Service }) {
  const t = useMessages();
  const say = useSaid();
  const [Sign, name] = names[service.name];
  const [tone, state] = standing(service);
  return (
    <article className="card service">
      <header className="device-head">
        <b style={{ display: 'inline-flex', alignItems: 'center', gap: 7 }}>
          <Sign size={17} stroke={1.6} aria-hidden />
          {t(name)}
        </b>
        <ToneMark tone={tone}>{t(state)}</ToneMark>
      </header>
      <span>{service.said.map(say).join(' ')}</span>
      <Facts rows={detailRows(service.detail, t)} />
    </article>
  );
}
