import { createContext, useContext } from 'react';
import { translator, type Translate } from './catalogue.ts';

/** The translator of the window's language; Vietnamese unless the setting says otherwise. */
export const MessagesContext = createContext<Translate>(translator('vi'));

export function useMessages(): Translate {
  return useContext(MessagesContext);
}
