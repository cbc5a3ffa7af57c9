import type { MessageKey } from '../i18n/catalogue.ts';
import type { Chord } from './chord.ts';

/** Keys that fields and tables handle by themselves; listed so that the shortcut sheet can tell them. */
export const fieldKeys: readonly { readonly chord: Chord; readonly title: MessageKey }[] = [
  { chord: 'Enter', title: 'keys.accept-field' },
  { chord: 'Shift+Enter', title: 'keys.new-line' },
  { chord: 'ArrowDown', title: 'keys.next-row' },
  { chord: 'Home', title: 'keys.first-row' },
  { chord: 'End', title: 'keys.last-row' },
  { chord: 'Esc', title: 'keys.close' },
];
