import { Button } from '@mantine/core';
import type { Change } from '../../core/contract/verification.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';

const classWords: Record<Change['class'], MessageKey> = {
  'lta-update': 'changes.lta-update',
  'new-signature': 'changes.new-signature',
  metadata: 'changes.metadata',
  'form-fill': 'changes.form-fill',
  annotation: 'changes.annotation',
  other: 'changes.other',
};

interface Props {
  readonly changes: readonly Change[];
  /** Zero-based page; left out where there is no page to go to. */
  readonly onPage?: (page: number) => void;
}

/** What was added or changed after signing: the object, its page, its kind. */
export function ChangeList({ changes, onPage }: Props) {
  const t = useMessages();
  if (changes.length === 0) return <p className="soft">{t('changes.none')}</p>;
  return (
    <ul className="change-list">
      {changes.map((change) => (
        <li key={`${change.object} ${change.class} ${change.page}`}>
          <b>{t(classWords[change.class])}</b> ·{' '}
          <span className="mono">{t('changes.object', { name: change.object })}</span>
          {change.page !== null && !onPage && ` · ${t('changes.page', { page: change.page + 1 })}`}
          {change.page !== null && onPage && (
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => change.page !== null && onPage(change.page)}
            >
              {t('changes.page', { page: change.page + 1 })}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
