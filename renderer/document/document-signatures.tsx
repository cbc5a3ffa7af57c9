import { Button } from '@mantine/core';
import { IconPrinter, IconSignature } from '@tabler/icons-react';
import { useState } from 'react';
import type { DocumentDetail } from '../../core/contract/document.ts';
import type { SignatureReport } from '../../core/contract/verification.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Empty } from '../ui/empty.tsx';
import { CompareDialog } from '../verification/compare-dialog.tsx';
import { JudgementHistory } from '../verification/judgement-history.tsx';
import { SheetDialog } from '../verification/sheet-dialog.tsx';
import { SignatureCard } from '../verification/signature-card.tsx';
import { VerdictSummary } from '../verification/verdict-summary.tsx';

interface Props {
  readonly document: Pick<DocumentDetail, 'id' | 'checks' | 'objects'>;
}

interface Compared {
  readonly sha256: string;
  readonly signature: SignatureReport;
}

/** The newest check of each file with its signatures, and every earlier one as a row. */
export function DocumentSignatures({ document }: Props) {
  const t = useMessages();
  const [compared, setCompared] = useState<Compared | null>(null);
  const [sheet, setSheet] = useState<'open' | 'closed'>('closed');
  const { checks, objects } = document;
  const roleOf = (sha256: string) => objects.find((object) => object.sha256 === sha256)?.role;
  const newest = newestOfEach(checks);
  if (newest.length === 0) {
    return (
      <Empty icon={IconSignature} title={t('document.no-checks')}>
        {t('document.no-checks-text')}
      </Empty>
    );
  }
  return (
    <>
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPrinter size={14} aria-hidden />}
          onClick={() => setSheet('open')}
        >
          {t('sheet.open')}
        </Button>
      </div>
      {newest.map(({ id, sha256, report }) => (
        <div key={id} className="document-judgement">
          <VerdictSummary
            report={report}
            advice="left-out"
            of={roleOf(sha256) === 'package' ? 'package' : 'document'}
          />
          {report.signatures.map((signature) => (
            <SignatureCard
              key={signature.field}
              signature={signature}
              onCompare={roleOf(sha256) === 'package' ? undefined : () => setCompared({ sha256, signature })}
            />
          ))}
        </div>
      ))}
      <JudgementHistory
        judgements={checks}
        nameOf={({ sha256 }) =>
          objects.find((object) => object.sha256 === sha256)?.name ?? sha256.slice(0, 12)
        }
      />
      {compared && (
        <CompareDialog
          sha256={compared.sha256}
          signature={compared.signature}
          onClose={() => setCompared(null)}
        />
      )}
      {sheet === 'open' && (
        <SheetDialog of={{ documentId: document.id }} onClose={() => setSheet('closed')} />
      )}
    </>
  );
}

/** The newest check of each file that was judged; the document before the package it came in. */
function newestOfEach(checks: DocumentDetail['checks']): DocumentDetail['checks'] {
  const bySha = new Map<string, DocumentDetail['checks'][number]>();
  for (const check of checks) bySha.set(check.sha256, check);
  return [...bySha.values()].sort((a, b) => b.report.signatures.length - a.report.signatures.length);
}
