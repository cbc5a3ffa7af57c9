import { Button, Group, Modal, Stack } from '@mantine/core';
import { IconPrinter, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { IntakeItem } from '../../core/contract/intake.ts';
import type { SignatureReport } from '../../core/contract/verification.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { notifyDone, notifyError } from '../ui/notify.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { JudgementHistory } from './judgement-history.tsx';
import { SheetDialog } from './sheet-dialog.tsx';
import { SignatureCard } from './signature-card.tsx';
import { VerdictSummary } from './verdict-summary.tsx';

interface Props {
  readonly item: IntakeItem;
  readonly onClose: () => void;
}

type Open = { readonly kind: 'sheet' } | { readonly kind: 'compare'; readonly signature: SignatureReport };

/** The signatures of a received e-document and of its package, each check, every judgement, the sheet to print. */
export function JudgementsDialog({ item, onClose }: Props) {
  const t = useMessages();
  const history = useProcedure('intake.judgements', { id: item.id });
  const verify = useAction('intake.verify');
  const [open, setOpen] = useState<Open | null>(null);
  const { verification, packageVerification, pdfSha256 } = item;
  return (
    <>
      <Modal
        opened={open === null}
        size={760}
        onClose={onClose}
        title={t('judgements.dialog')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        transitionProps={{ duration: 0 }}
      >
        <Stack gap="sm">
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              data-autofocus
              leftSection={<IconPrinter size={14} aria-hidden />}
              onClick={() => setOpen({ kind: 'sheet' })}
            >
              {t('sheet.open')}
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={verify.isPending}
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() =>
                verify.mutate(
                  { id: item.id },
                  { onSuccess: () => notifyDone(t('document.verified')), onError: notifyError },
                )
              }
            >
              {t('judgements.again')}
            </Button>
          </Group>
          {verification && <VerdictSummary report={verification} advice="shown" />}
          {verification?.signatures.map((signature) => (
            <SignatureCard
              key={signature.field}
              signature={signature}
              onCompare={pdfSha256 ? () => setOpen({ kind: 'compare', signature }) : undefined}
            />
          ))}
          {packageVerification && (
            <VerdictSummary report={packageVerification} advice="left-out" of="package" />
          )}
          {packageVerification?.signatures.map((signature) => (
            <SignatureCard key={`package ${signature.field}`} signature={signature} />
          ))}
          {history.error && <ErrorNotice error={history.error} />}
          {history.data && (
            <JudgementHistory
              judgements={history.data.judgements}
              nameOf={({ sha256 }) =>
                t(sha256 === item.sha256 ? 'judgements.package' : 'judgements.document')
              }
            />
          )}
        </Stack>
      </Modal>
      {open?.kind === 'sheet' && <SheetDialog of={{ intakeId: item.id }} onClose={() => setOpen(null)} />}
      {open?.kind === 'compare' && pdfSha256 && (
        <CompareDialog sha256={pdfSha256} signature={open.signature} onClose={() => setOpen(null)} />
      )}
    </>
  );
}
