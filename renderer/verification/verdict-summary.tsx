import type { ReactNode } from 'react';
import type { FileReport } from '../../core/contract/verification.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { Notice } from '../ui/notice.tsx';
import { reasonsOf } from './reasons.ts';
import { adviceWords, verdictWordsOf } from './verdict-words.ts';

interface Props {
  readonly report: FileReport;
  /** Left out once the document is in the register. */
  readonly advice: 'shown' | 'left-out';
  /** What was judged: the document (default) or the package it came in. */
  readonly of?: 'document' | 'package';
  /** Stands below the sentences. */
  readonly children?: ReactNode;
}

/** The verdict over a file in the words of domain/vietnam.md §3.4, and what the clerk may do. */
export function VerdictSummary({ report, advice, of = 'document', children }: Props) {
  const t = useMessages();
  const say = useSaid();
  const [tone, title] = verdictWordsOf(report);
  const sentences = reasonsOf(report, say);
  if (report.error) sentences.push(say(report.error));
  return (
    <Notice
      tone={tone === 'idle' ? 'info' : tone}
      title={`${t(of === 'package' ? 'verdict.package-title' : 'verdict.title')}: ${t(title)}`}
    >
      {sentences.join(' ')}
      {advice === 'shown' && (
        <>
          <br />
          <strong>{t('advice.label')}:</strong> {t(adviceWords[report.advice])}
        </>
      )}
      {children}
    </Notice>
  );
}
