import {
  IconArchive,
  IconBan,
  IconClock,
  IconClockShield,
  IconCloudCheck,
  IconCloudUpload,
  IconCloudX,
  IconSignature,
  type Icon,
} from '@tabler/icons-react';
import type { Arrival } from '../../core/contract/register.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

export interface ArrivalWords {
  readonly tone: Tone;
  readonly title: MessageKey;
  readonly icon: Icon;
}

const deliveryWords: Record<Arrival['delivery'], ArrivalWords> = {
  none: { tone: 'ok', title: 'arrival.sealed', icon: IconArchive },
  pending: { tone: 'info', title: 'arrival.pending', icon: IconCloudUpload },
  sending: { tone: 'info', title: 'arrival.sending', icon: IconCloudUpload },
  acked: { tone: 'ok', title: 'arrival.acked', icon: IconCloudCheck },
  blocked: { tone: 'bad', title: 'arrival.blocked', icon: IconCloudX },
};

/** One word for where a registered document stands: voided, signing, or on its way to the province. */
export function arrivalWords(arrival: Arrival): ArrivalWords {
  if (arrival.voidedAt !== null) return { tone: 'idle', title: 'arrival.voided', icon: IconBan };
  if (arrival.levelPending && arrival.delivery !== 'blocked')
    return { tone: 'warn', title: 'arrival.level-pending', icon: IconClockShield };
  if (arrival.documentState === 'sealed' || arrival.delivery !== 'none')
    return deliveryWords[arrival.delivery];
  if (arrival.documentState === 'signing')
    return { tone: 'warn', title: 'arrival.signing', icon: IconSignature };
  return { tone: 'info', title: 'arrival.registered', icon: IconClock };
}
