import { useProcedure } from '../engine/use-procedure.ts';
import { showArrivalNumber, showNotation } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';

const shown = 5;

/** What will be signed once the key is open: digitized arrivals that have their number. */
export function WaitingDocuments() {
  const t = useMessages();
  const status = useProcedure('engine.status', {});
  const recent = useProcedure('register.list', { limit: 50 });
  const waiting = status.data?.counts.waitingForToken ?? 0;
  const rows = (recent.data?.rows ?? []).filter(
    (row) => row.origin === 'paper' && row.documentState !== 'sealed' && row.voidedAt === null,
  );
  if (waiting === 0) return <p className="pin-what">{t('pin.nothing-waits')}</p>;
  return (
    <div className="pin-what">
      {t('pin.will-sign', { n: waiting })}
      <ul>
        {rows.slice(0, shown).map((row) => (
          <li key={row.id}>
            {t('pin.document', {
              number: showArrivalNumber(row),
              notation: showNotation(row.docNumber, row.docNotation) || '–',
            })}
            : {row.subject}
          </li>
        ))}
      </ul>
      {waiting > shown && <span className="soft">{t('pin.and-more', { n: waiting - shown })}</span>}
    </div>
  );
}
