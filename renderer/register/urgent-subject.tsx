import type { Arrival } from '../../core/contract/register.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { urgencyWords } from '../inbox/urgency-words.ts';

/** Tên loại và trích yếu, the urgency before it when there is one. */
export function UrgentSubject({ arrival }: { readonly arrival: Arrival }) {
  const t = useMessages();
  return (
    <span title={arrival.subject}>
      {arrival.urgency !== 'thuong' && (
        <b style={{ color: 'var(--bad)' }}>[{t(urgencyWords[arrival.urgency])}] </b>
      )}
      <span style={{ fontWeight: 500 }}>{arrival.typeName}:</span> {arrival.subject}
    </span>
  );
}
