import type { DocumentDetail } from '../../core/contract/document.ts';
import { showDate, showInstant } from '../format/date.ts';
import { showArrivalNumber, showNotation } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { urgencyWords } from '../inbox/urgency-words.ts';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { VerdictSummary } from '../verification/verdict-summary.tsx';
import { JobList } from './job-list.tsx';

/** The register entry, what the newest check says, and work that is not finished. */
export function DocumentFacts({ document }: { readonly document: DocumentDetail }) {
  const t = useMessages();
  const { arrival } = document;
  const newest = document.checks.findLast(({ sha256 }) => sha256 === document.view);
  return (
    <>
      {arrival?.voidedAt && (
        <Notice tone="warn" title={t('document.voided', { at: showInstant(arrival.voidedAt) })}>
          {arrival.voidReason}
        </Notice>
      )}
      <JobList jobs={document.jobs} />
      {newest && <VerdictSummary report={newest.report} advice="left-out" />}
      {arrival && (
        <Facts
          rows={[
            [t('column.number'), <b key="number">{`${showArrivalNumber(arrival)}/${arrival.year}`}</b>],
            [t('field.arrival-date'), showDate(arrival.arrivalDate)],
            [t('column.issuer'), arrival.issuer],
            [t('column.notation'), showNotation(arrival.docNumber, arrival.docNotation) || '–'],
            [t('field.doc-date'), showDate(arrival.docDate) || '–'],
            [t('field.type'), arrival.typeName],
            [t('field.subject'), arrival.subject],
            [t('field.signer'), arrival.signerName],
            [t('field.urgency'), t(urgencyWords[arrival.urgency])],
            [t('field.due-date'), showDate(arrival.dueDate)],
            [t('field.receiver'), arrival.receiver || '–'],
            [t('column.transfer-date'), showDate(arrival.transferDate) || '–'],
            [t('column.received-by'), arrival.receivedBy || '–'],
            [t('field.note'), arrival.note],
            [t('field.origin'), t(arrival.origin === 'paper' ? 'origin.paper' : 'origin.electronic')],
            [t('field.registered-at'), showInstant(arrival.registeredAt, 'seconds')],
          ]}
        />
      )}
    </>
  );
}
