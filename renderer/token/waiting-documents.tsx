import type { SealingItem, SealingList } from '../../core/contract/sealing.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showNotation } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';

/** How many documents a login would sign: not what a person stopped or what cannot go on. */
export function toBeSigned({ total, counts }: SealingList): number {
  return total - counts.parked - counts.held;
}

/** What will be signed once the key is open: all of it, for one consent covers the whole list. */
export function WaitingDocuments() {
  const t = useMessages();
  const list = useProcedure('sealing.list', {}).data;
  if (!list) return null;
  const count = toBeSigned(list);
  const rows = list.items.filter((item) => item.state !== 'parked' && item.state !== 'held');
  if (count === 0) return <p className="pin-what">{t('pin.nothing-waits')}</p>;
  return (
    <div className="pin-what">
      <strong>{t('pin.will-sign', { n: count })}</strong>
      <ol tabIndex={0} aria-label={t('pin.list')}>
        {rows.map((item) => (
          <WaitingDocument key={item.documentId} item={item} />
        ))}
      </ol>
      {count > rows.length && <span className="soft">{t('pin.and-more', { n: count - rows.length })}</span>}
    </div>
  );
}

function WaitingDocument({ item }: { readonly item: SealingItem }) {
  const t = useMessages();
  const number = item.number === null ? '–' : `${item.number}${item.suffix}`;
  const notation = showNotation(item.docNumber, item.docNotation) || '–';
  return (
    <li>
      {t('pin.document', { number, notation })}: {item.subject}
    </li>
  );
}
