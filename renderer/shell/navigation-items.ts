import {
  IconBook2,
  IconHistory,
  IconId,
  IconInbox,
  IconRefresh,
  IconSettings,
  IconUsb,
  IconWriting,
  type Icon,
} from '@tabler/icons-react';
import type { EngineStatus } from '../../core/contract/system.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { RouteId } from '../routes.ts';

export interface NavigationItem {
  readonly route: RouteId;
  readonly title: MessageKey;
  readonly icon: Icon;
  readonly chord: string;
  /** How many things wait there. */
  readonly count?: (counts: EngineStatus['counts']) => number;
}

/** Screens reached from the left side, in order. Screens that came later have later keys: what hands have learned stays. */
export const navigationItems: readonly NavigationItem[] = [
  {
    route: 'inbox',
    title: 'nav.inbox',
    icon: IconInbox,
    chord: 'Alt+1',
    count: (counts) => counts.proposed + counts.attention,
  },
  { route: 'register', title: 'nav.register', icon: IconBook2, chord: 'Alt+2' },
  {
    route: 'sealing',
    title: 'nav.sealing',
    icon: IconWriting,
    chord: 'Alt+7',
    count: (counts) => counts.waitingForToken,
  },
  {
    route: 'sync',
    title: 'nav.sync',
    icon: IconRefresh,
    chord: 'Alt+3',
    count: (counts) => counts.outboxPending,
  },
  { route: 'devices', title: 'nav.devices', icon: IconUsb, chord: 'Alt+4' },
  { route: 'tokens', title: 'nav.tokens', icon: IconId, chord: 'Alt+8' },
  { route: 'audit', title: 'nav.audit', icon: IconHistory, chord: 'Alt+5' },
  { route: 'settings', title: 'nav.settings', icon: IconSettings, chord: 'Alt+6' },
];
