import { Button, Tabs } from '@mantine/core';
import { IconArrowLeft, IconFileOff, IconMailCheck, IconRefresh, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { DocumentDetail } from '../../core/contract/document.ts';
import { useCommands } from '../commands/use-commands.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showArrivalNumber, showNotation } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { PagesView } from '../pages/pages-view.tsx';
import { ArrivalMark } from '../register/arrival-mark.tsx';
import { goTo } from '../router/use-place.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { notifyDone, notifyError } from '../ui/notify.ts';
import { AcknowledgeDialog, awaitsAnswer } from './acknowledge-dialog.tsx';
import { DocumentFacts } from './document-facts.tsx';
import { DocumentFiles } from './document-files.tsx';
import { DocumentHistory } from './document-history.tsx';
import { DocumentSending } from './document-sending.tsx';
import { LevelMark } from './level-mark.tsx';
import { DocumentSignatures } from './document-signatures.tsx';
import './document.css';

/** One registered document: pages, entry, signatures, files, sending, history. */
export function DocumentScreen({ id }: { readonly id: string }) {
  const document = useProcedure('document.get', { id });
  if (document.isPending) return <Loading />;
  if (document.error) return <MissingDocument error={document.error} />;
  return <DocumentView document={document.data} />;
}

function MissingDocument({ error }: { readonly error: Error }) {
  useScreenReady(true);
  return (
    <div className="screen-body">
      <ErrorNotice error={error} />
    </div>
  );
}

function DocumentView({ document }: { readonly document: DocumentDetail }) {
  const t = useMessages();
  const [shown, setShown] = useState(false);
  const [tab, setTab] = useState<string | null>('facts');
  const verify = useAction('document.verify');
  const retry = useAction('document.retry');
  const { arrival } = document;
  const parked = document.jobs.some((job) => job.state === 'parked' || job.state === 'waiting');
  const [answering, setAnswering] = useState(false);
  const awaits = awaitsAnswer(document);
  useScreenReady(shown || document.view === null);

  const doVerify = () =>
    verify.mutate(
      { id: document.id },
      {
        onSuccess: () => {
          setTab('signatures');
          notifyDone(t('document.verified'));
        },
        onError: notifyError,
      },
    );
  const doRetry = () => retry.mutate({ id: document.id }, { onError: notifyError });
  useCommands([
    {
      id: 'document-back',
      title: 'document.back',
      group: 'document',
      chord: 'Alt+ArrowLeft',
      run: () => goTo('register'),
    },
    { id: 'document-verify', title: 'document.verify', group: 'document', chord: 'F4', run: doVerify },
    {
      id: 'document-retry',
      title: 'action.retry',
      group: 'document',
      chord: 'F9',
      when: () => parked,
      run: doRetry,
    },
    {
      id: 'document-acknowledge',
      title: 'document.acknowledge',
      group: 'document',
      when: () => awaits,
      run: () => setAnswering(true),
    },
  ]);

  return (
    <div className="screen">
      <header className="screen-head">
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconArrowLeft size={14} aria-hidden />}
          onClick={() => goTo('register')}
        >
          {t('nav.register')}
        </Button>
        <h1>
          {arrival
            ? t('document.title', {
                n: showArrivalNumber(arrival),
                year: arrival.year,
                notation: showNotation(arrival.docNumber, arrival.docNotation) || t('document.no-notation'),
              })
            : t('document.untitled')}
        </h1>
        {arrival && <ArrivalMark arrival={arrival} />}
        {document.level && <LevelMark level={document.level} />}
        <span style={{ flex: 1 }} />
        {parked && (
          <Button
            size="xs"
            variant="default"
            loading={retry.isPending}
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={doRetry}
          >
            {t('action.retry')}
          </Button>
        )}
        {awaits && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconMailCheck size={14} aria-hidden />}
            onClick={() => setAnswering(true)}
          >
            {t('document.acknowledge')}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          loading={verify.isPending}
          leftSection={<IconShieldCheck size={14} aria-hidden />}
          onClick={doVerify}
        >
          {t('document.verify')}
        </Button>
      </header>
      {answering && <AcknowledgeDialog document={document} onClose={() => setAnswering(false)} />}
      <div className="document-body">
        {document.view ? (
          <PagesView key={document.view} sha256={document.view} onShown={() => setShown(true)} />
        ) : (
          <Empty icon={IconFileOff} title={t('document.no-file')}>
            {t('document.no-file-text')}
          </Empty>
        )}
        <aside className="document-side">
          <Tabs value={tab} onChange={setTab} keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="facts">{t('document.facts')}</Tabs.Tab>
              <Tabs.Tab value="signatures">{t('document.signatures')}</Tabs.Tab>
              <Tabs.Tab value="files">{t('document.files')}</Tabs.Tab>
              <Tabs.Tab value="sending">{t('document.sending')}</Tabs.Tab>
              <Tabs.Tab value="history">{t('document.history')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="facts" className="document-tabs-panel">
              <DocumentFacts document={document} />
            </Tabs.Panel>
            <Tabs.Panel value="signatures" className="document-tabs-panel">
              <DocumentSignatures document={document} />
            </Tabs.Panel>
            <Tabs.Panel value="files" className="document-tabs-panel">
              <DocumentFiles objects={document.objects} />
            </Tabs.Panel>
            <Tabs.Panel value="sending" className="document-tabs-panel">
              <DocumentSending document={document} />
            </Tabs.Panel>
            <Tabs.Panel value="history" className="document-tabs-panel">
              <DocumentHistory entries={document.history} />
            </Tabs.Panel>
          </Tabs>
        </aside>
      </div>
    </div>
  );
}
