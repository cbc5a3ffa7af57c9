import type { Arrival } from '../../core/contract/register.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { arrivalWords } from './arrival-words.ts';

/** Where a registered document stands. */
export function ArrivalMark({ arrival }: { readonly arrival: Arrival }) {
  const t = useMessages();
  const words = arrivalWords(arrival);
  return (
    <ToneMark tone={words.tone} icon={words.icon} title={arrival.voidReason ?? ''}>
      {t(words.title)}
    </ToneMark>
  );
}
