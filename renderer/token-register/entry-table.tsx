import { UnstyledButton } from '@mantine/core';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import { validityWords } from '../devices/validity-words.ts';
import { dateInVietnam, now, showDate } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { purposeWords } from './entry-words.ts';

interface Props {
  readonly entries: readonly TokenEntry[];
  readonly selectedId: string;
  readonly onSelect: (id: string) => void;
}

/** The lines of the register, soonest end first. */
export function EntryTable({ entries, selectedId, onSelect }: Props) {
  const t = useMessages();
  return (
    <section className="card token-register-list">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('token-register.name')}</th>
            <th scope="col">{t('token-register.subject')}</th>
            <th scope="col">{t('token-register.holder')}</th>
            <th scope="col">{t('token-register.purpose')}</th>
            <th scope="col">{t('token-register.ends')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => {
            const life = validityWords(entry, now());
            return (
              <tr key={entry.id} aria-selected={entry.id === selectedId} className="token-register-row">
                <td>
                  <UnstyledButton
                    className="token-register-open"
                    aria-current={entry.id === selectedId ? 'true' : undefined}
                    onClick={() => onSelect(entry.id)}
                  >
                    {entry.name}
                  </UnstyledButton>
                </td>
                <td>{entry.subject}</td>
                <td>{entry.holder || '–'}</td>
                <td>{t(purposeWords[entry.purpose])}</td>
                <td>
                  <span className="token-register-end">
                    {showDate(dateInVietnam(new Date(entry.notAfter)))}
                    {entry.retiredAt ? (
                      <ToneMark tone="idle">{t('token-register.retired')}</ToneMark>
                    ) : (
                      life.tone !== 'ok' && (
                        <ToneMark tone={life.tone}>{t(life.title, { n: life.days })}</ToneMark>
                      )
                    )}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
