import type { AuditEntry } from '../../core/contract/document.ts';
import { actionWord } from '../audit/action-words.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';

/** What happened to a document, from the audit log, oldest first. */
export function DocumentHistory({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const t = useMessages();
  return (
    <ol className="history">
      {entries
        .toSorted((a, b) => a.sequence - b.sequence)
        .map((entry) => (
          <li key={entry.sequence}>
            <span className="soft">{showInstant(entry.at, 'seconds')}</span>
            <span>
              {actionWord(entry.action, t)}
              <span className="soft">
                {' '}
                · {entry.actor} · #{entry.sequence}
              </span>
            </span>
          </li>
        ))}
    </ol>
  );
}
