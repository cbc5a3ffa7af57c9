import { Button } from '@mantine/core';
import { IconFilePlus, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommands } from '../commands/use-commands.ts';
import { useEngine } from '../engine/engine-context.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { notifyError } from '../ui/notify.ts';
import { AdviceNotice } from './advice-notice.tsx';
import { ModuleCard } from './module-card.tsx';
import './diagnosis.css';

/** Chẩn đoán thiết bị ký: every library the machine may have, what is in its slots, and what to do. */
export function DiagnosisScreen() {
  const t = useMessages();
  const engine = useEngine();
  const queries = useQueryClient();
  const diagnosis = useProcedure('tokens.diagnose', {});
  const [busy, setBusy] = useState(false);
  useScreenReady(!diagnosis.isPending);
  const { addTokenModule, removeTokenModule } = engine.shell;

  async function change(work: (() => Promise<unknown>) | undefined): Promise<void> {
    if (!work) return;
    setBusy(true);
    try {
      if ((await work()) !== null) await queries.invalidateQueries();
    } catch (thrown) {
      notifyError(thrown);
    } finally {
      setBusy(false);
    }
  }
  const again = () => void diagnosis.refetch();
  useCommands([{ id: 'diagnose-again', title: 'diagnosis.again', group: 'token', chord: 'F5', run: again }]);
  const modules = diagnosis.data?.modules ?? [];
  const found = modules.filter((module) => module.exists || module.configured);
  const absent = modules.filter((module) => !module.exists && !module.configured);
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{t('nav.diagnosis')}</h1>
        {diagnosis.data && (
          <span className="soft">
            {t('diagnosis.machine', {
              platform: diagnosis.data.platform,
              architecture: diagnosis.data.architecture,
              n: found.length,
            })}
          </span>
        )}
        <span className="diagnosis-buttons">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} aria-hidden />}
            loading={diagnosis.isFetching}
            onClick={again}
          >
            {t('diagnosis.again')}
          </Button>
          {addTokenModule && (
            <Button
              size="xs"
              leftSection={<IconFilePlus size={15} aria-hidden />}
              loading={busy}
              onClick={() => void change(() => addTokenModule())}
            >
              {t('diagnosis.add-module')}
            </Button>
          )}
        </span>
      </header>
      <div className="screen-body" tabIndex={0} role="region" aria-label={t('nav.diagnosis')}>
        {diagnosis.isPending && <Loading />}
        <div className="diagnosis">
          {diagnosis.error && <ErrorNotice error={diagnosis.error} />}
          {diagnosis.data?.advice.map((advice) => (
            <AdviceNotice key={advice.code + advice.text} advice={advice} />
          ))}
          {found.map((module) => (
            <ModuleCard
              key={module.path}
              module={module}
              {...(module.configured && removeTokenModule
                ? { onRemove: () => void change(() => removeTokenModule(module.path)) }
                : {})}
            />
          ))}
          {diagnosis.data && found.length === 0 && <Notice tone="warn">{t('diagnosis.none')}</Notice>}
          {absent.length > 0 && (
            <details className="card diagnosis-absent">
              <summary>{t('diagnosis.absent', { n: absent.length })}</summary>
              <ul>
                {absent.map((module) => (
                  <li key={module.path}>
                    <span className="mono">{module.path}</span> <span className="soft">{module.vendor}</span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </div>
    </div>
  );
}
