import { IconSignature } from '@tabler/icons-react';
import type { DocumentDetail } from '../../core/contract/document.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Empty } from '../ui/empty.tsx';
import { VerdictSummary } from '../verification/verdict-summary.tsx';
import { SignatureCard } from '../verification/signature-card.tsx';

/** The newest check of each file with its signatures; earlier checks stay as rows. */
export function DocumentSignatures({ checks }: { readonly checks: DocumentDetail['checks'] }) {
  const t = useMessages();
  const newestFirst = checks.toSorted((a, b) => b.checkedAt.localeCompare(a.checkedAt));
  const newest = newestFirst[0];
  if (!newest) {
    return (
      <Empty icon={IconSignature} title={t('document.no-checks')}>
        {t('document.no-checks-text')}
      </Empty>
    );
  }
  return (
    <>
      <VerdictSummary report={newest.report} advice="left-out" />
      {newest.report.signatures.map((signature) => (
        <SignatureCard key={signature.field} signature={signature} />
      ))}
      <span className="soft">
        {t('document.checked-at', { at: showInstant(newest.checkedAt, 'seconds') })}
        {newestFirst.length > 1 && ` · ${t('document.earlier-checks', { n: newestFirst.length - 1 })}`}
      </span>
    </>
  );
}
