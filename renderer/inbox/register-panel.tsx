import { Button, Tooltip } from '@mantine/core';
import { IconRubberStamp, IconShieldCheck, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { IntakeItem } from '../../core/contract/intake.ts';
import type { PageBox } from '../../core/contract/reading.ts';
import { ChordKeys } from '../commands/chord-keys.tsx';
import { useCommands } from '../commands/use-commands.ts';
import { showDate } from '../format/date.ts';
import { showArrivalNumber } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { VerdictSummary } from '../verification/verdict-summary.tsx';
import { ArrivalFormView } from './arrival-form-view.tsx';
import { JudgementsDialog } from '../verification/judgements-dialog.tsx';
import { DecisionDialog } from './decision-dialog.tsx';
import { DismissDialog } from './dismiss-dialog.tsx';
import { DuplicateDialog } from './duplicate-dialog.tsx';
import { DuplicateNotices } from './duplicate-notices.tsx';
import { rulingOf } from './ruling.ts';
import { ScanEvidence } from './scan-evidence.tsx';
import { useArrivalForm } from './use-arrival-form.ts';
import { useDuplicates } from './use-duplicates.ts';
import { useRegistering } from './use-registering.ts';

interface Props {
  readonly item: IntakeItem;
  readonly onBox: (box: PageBox | undefined) => void;
  readonly onDone: () => void;
}

/** The proposed register entry of a file, to be checked and entered with one key. */
export function RegisterPanel({ item, onBox, onDone }: Props) {
  const t = useMessages();
  const say = useSaid();
  const panel = useRef<HTMLElement>(null);
  const state = useArrivalForm(item);
  const duplicates = useDuplicates(state.form, true);
  const { busy, error, register } = useRegistering(item, onDone);
  const [dialog, setDialog] = useState<'dismiss' | 'duplicate' | 'decision' | 'judgements' | null>(null);
  const decision = useRef('');
  const ruling = rulingOf(item);
  const paper = item.origin === 'paper';
  const sentences = duplicates.map((row) =>
    t('duplicate.same-document', { n: showArrivalNumber(row), d: showDate(row.arrivalDate) }),
  );

  /** The engine may know of a duplicate that the form's own question missed. */
  async function enter(duplicate: 'ask' | 'accepted'): Promise<void> {
    const failure = await register(state.form, duplicate, decision.current);
    if (failure?.code === 'register.duplicate') setDialog('duplicate');
  }

  function goOn(): void {
    if (duplicates.length > 0) setDialog('duplicate');
    else void enter('ask');
  }

  function accept(): void {
    if (busy || ruling === 'refused') return;
    const wrong = panel.current?.querySelector('[aria-invalid="true"]');
    if (!state.check() || wrong) {
      setTimeout(() => panel.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0);
      return;
    }
    if (ruling === 'reason' && decision.current === '') setDialog('decision');
    else goOn();
  }

  const focusForm = () => panel.current?.querySelector<HTMLElement>('[data-field]')?.focus();
  useEffect(focusForm, []);

  useCommands([
    {
      id: 'inbox-accept',
      title: paper ? 'inbox.accept-paper' : 'inbox.accept-electronic',
      group: 'inbox',
      chord: 'Ctrl+Enter',
      run: accept,
    },
    {
      id: 'inbox-judgements',
      title: 'judgements.open',
      group: 'inbox',
      chord: 'F4',
      when: () => item.verification !== null,
      run: () => setDialog('judgements'),
    },
    { id: 'inbox-form', title: 'inbox.to-form', group: 'inbox', chord: 'F2', run: focusForm },
    {
      id: 'inbox-dismiss',
      title: 'inbox.dismiss',
      group: 'inbox',
      chord: 'F8',
      run: () => setDialog('dismiss'),
    },
  ]);

  return (
    <section className="inbox-side" aria-label={t('inbox.form')} ref={panel} data-arrival>
      <div className="inbox-side-scroll">
        {state.form.urgency !== 'thuong' && <Notice tone="bad">{t('inbox.urgent')}</Notice>}
        <DuplicateNotices item={item} rows={duplicates} />
        {item.proposal?.recipientMatches?.value === false && (
          <Notice tone="warn">{t('inbox.wrong-recipient')}</Notice>
        )}
        {item.warnings.map((warning) => (
          <Notice key={warning.code} tone="warn">
            {say(warning)}
          </Notice>
        ))}
        {item.verification && (
          <VerdictSummary report={item.verification} advice="shown">
            <div style={{ marginTop: 6 }}>
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconShieldCheck size={14} aria-hidden />}
                onClick={() => setDialog('judgements')}
              >
                {t('judgements.open')}
              </Button>{' '}
              <ChordKeys chord="F4" />
            </div>
          </VerdictSummary>
        )}
        {item.packageVerification && item.packageVerification.verdict !== 'unsigned' && (
          <VerdictSummary report={item.packageVerification} advice="shown" of="package" />
        )}
        <ArrivalFormView state={state} proposal={item.proposal} onBox={onBox} />
        {error && error.code !== 'register.duplicate' && <ErrorNotice error={error} />}
        <h2 className="card-title" style={{ marginTop: 6 }}>
          {t('evidence.title')}
        </h2>
        <ScanEvidence item={item} />
      </div>
      <footer className="inbox-side-foot">
        <Button
          data-accept
          size="sm"
          loading={busy}
          disabled={ruling === 'refused'}
          leftSection={<IconRubberStamp size={17} aria-hidden />}
          onClick={accept}
        >
          {t(paper ? 'inbox.accept-paper' : 'inbox.accept-electronic')}
        </Button>
        <ChordKeys chord="Ctrl+Enter" />
        <span style={{ flex: 1 }} />
        <Tooltip label={`${t('inbox.dismiss')} (F8)`}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() => setDialog('dismiss')}
          >
            {t(paper ? 'inbox.dismiss' : 'inbox.return')}
          </Button>
        </Tooltip>
      </footer>
      {dialog === 'judgements' && <JudgementsDialog item={item} onClose={() => setDialog(null)} />}
      {dialog === 'decision' && (
        <DecisionDialog
          item={item}
          onClose={() => setDialog(null)}
          onDecided={(reason) => {
            decision.current = reason;
            setDialog(null);
            goOn();
          }}
        />
      )}
      {dialog === 'dismiss' && <DismissDialog item={item} onClose={() => setDialog(null)} onDone={onDone} />}
      {dialog === 'duplicate' && (
        <DuplicateDialog
          sentences={sentences.length > 0 ? sentences : error ? [say(error)] : []}
          onClose={() => setDialog(null)}
          onAccept={() => {
            setDialog(null);
            void enter('accepted');
          }}
        />
      )}
    </section>
  );
}
