import {
  IconCheck,
  IconClock,
  IconEyeSearch,
  IconFileAlert,
  IconFilePencil,
  IconShieldSearch,
  IconShieldX,
  IconTrash,
  IconTextScan2,
  type Icon,
} from '@tabler/icons-react';
import type { IntakeItem, IntakeState } from '../../core/contract/intake.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

interface StateWords {
  readonly tone: Tone;
  readonly title: MessageKey;
  readonly icon: Icon;
}

/** The clerk's word for where a received file stands (domain/vietnam.md §8, scan inbox). */
export const intakeWords: Record<IntakeState, StateWords> = {
  received: { tone: 'info', title: 'intake.received', icon: IconClock },
  held: { tone: 'warn', title: 'intake.held', icon: IconShieldSearch },
  checked: { tone: 'info', title: 'intake.checked', icon: IconEyeSearch },
  reading: { tone: 'info', title: 'intake.reading', icon: IconTextScan2 },
  proposed: { tone: 'warn', title: 'intake.proposed', icon: IconFilePencil },
  accepted: { tone: 'ok', title: 'intake.accepted', icon: IconCheck },
  quarantined: { tone: 'bad', title: 'intake.quarantined', icon: IconShieldX },
  failed: { tone: 'bad', title: 'intake.failed', icon: IconFileAlert },
  dismissed: { tone: 'idle', title: 'intake.dismissed', icon: IconTrash },
};

export type InboxView = 'open' | 'done' | 'all';

const done: readonly IntakeState[] = ['accepted', 'dismissed'];

/** What the clerk can work on comes first, then what is under way, then what is stuck. */
const order: Record<IntakeState, number> = {
  proposed: 0,
  reading: 1,
  checked: 1,
  received: 1,
  held: 2,
  failed: 3,
  quarantined: 4,
  accepted: 5,
  dismissed: 6,
};

/**
 * Files of a view in the order of work: those to be registered first and in order of receipt, because the
 * numbers are given in that order (domain/vietnam.md §1.6); what is done newest first.
 */
export function arrangeInbox(items: readonly IntakeItem[], view: InboxView): IntakeItem[] {
  const wanted = items.filter((item) => view === 'all' || done.includes(item.state) === (view === 'done'));
  const direction = view === 'done' ? -1 : 1;
  return wanted.toSorted(
    (a, b) => order[a.state] - order[b.state] || direction * a.receivedAt.localeCompare(b.receivedAt),
  );
}

/** Files that may be shown: never those refused for a virus or as a secret. */
export function mayBeShown(item: IntakeItem): boolean {
  return item.state !== 'quarantined' && item.state !== 'held' && item.pdfSha256 !== null;
}
