import { IconClock, IconCloudCheck, IconCloudUpload, IconCloudX, type Icon } from '@tabler/icons-react';
import type { OutboxEntry } from '../../core/contract/sync.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

interface OutboxWords {
  readonly tone: Tone;
  readonly title: MessageKey;
  readonly icon: Icon;
}

/** Where an operation of the queue stands. */
export const outboxWords: Record<OutboxEntry['state'], OutboxWords> = {
  pending: { tone: 'info', title: 'outbox.pending', icon: IconClock },
  sending: { tone: 'info', title: 'outbox.sending', icon: IconCloudUpload },
  acked: { tone: 'ok', title: 'outbox.acked', icon: IconCloudCheck },
  blocked: { tone: 'bad', title: 'outbox.blocked', icon: IconCloudX },
};

export const kindWords: Record<OutboxEntry['kind'], MessageKey> = {
  'arrival-record': 'outbox.kind-arrival-record',
  'edxml-status': 'outbox.kind-edxml-status',
};
