import { Anchor } from '@mantine/core';
import type { IntakeItem } from '../../core/contract/intake.ts';
import type { Arrival } from '../../core/contract/register.ts';
import { showDate } from '../format/date.ts';
import { showArrivalNumber } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { hashOf } from '../router/parse-hash.ts';
import { Notice } from '../ui/notice.tsx';

interface Props {
  readonly item: IntakeItem;
  readonly rows: readonly Arrival[];
}

/** Warns when the document seems to be in the register already, or the very file came before. */
export function DuplicateNotices({ item, rows }: Props) {
  const t = useMessages();
  const sameFile = item.duplicates.filter((duplicate) => duplicate.kind === 'same-file');
  return (
    <>
      {rows.map((row) => (
        <Notice key={row.id} tone="warn">
          {t('duplicate.same-document', { n: showArrivalNumber(row), d: showDate(row.arrivalDate) })}{' '}
          <Anchor inherit href={hashOf('document', row.documentId)}>
            {t('action.open')}
          </Anchor>
        </Notice>
      ))}
      {sameFile.map((duplicate) => (
        <Notice key={`${duplicate.intakeId}-${duplicate.arrivalId}`} tone="warn">
          {t('duplicate.same-file', {
            label:
              duplicate.number === null ? duplicate.label : t('duplicate.number', { n: duplicate.number }),
          })}
        </Notice>
      ))}
    </>
  );
}
