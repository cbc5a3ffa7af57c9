import type { MessageKey } from '../i18n/catalogue.ts';
import type { Chord } from './chord.ts';

/** Something the clerk can do; palette, shortcut sheet and keys all come from these. */
export interface Command {
  readonly id: string;
  readonly title: MessageKey;
  readonly group: 'go' | 'inbox' | 'page' | 'register' | 'document' | 'sync' | 'token' | 'help';
  readonly chord?: Chord;
  /** Whether it can be done now; left out = always while its screen is shown. */
  readonly when?: () => boolean;
  readonly run: () => void;
}
