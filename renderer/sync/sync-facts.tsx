import type { SyncStatus } from '../../core/contract/sync.ts';
import { showInstant } from '../format/date.ts';
import { showCount } from '../format/number.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { OnlineMark } from '../shell/online-mark.tsx';

/** Connection and numbers of the queue. */
export function SyncFacts({ status }: { readonly status: SyncStatus }) {
  const t = useMessages();
  return (
    <>
      <div className="card sync-facts">
        <div className="sync-fact">
          <span className="soft">{t('sync.connection')}</span>
          <div style={{ marginTop: 2 }}>
            <OnlineMark />
          </div>
        </div>
        <Fact label={t('sync.last-contact')}>{showInstant(status.lastContactAt) || t('sync.never')}</Fact>
        <Fact label={t('outbox.pending')}>{showCount(status.pending)}</Fact>
        <Fact label={t('outbox.blocked')}>{showCount(status.blocked)}</Fact>
        <Fact label={t('outbox.acked')}>{showCount(status.acked)}</Fact>
        {status.setAside > 0 && <Fact label={t('sync.set-aside')}>{showCount(status.setAside)}</Fact>}
        {status.serverUrl && (
          <div className="sync-fact">
            <span className="soft">{t('sync.server')}</span>
            <div className="mono" style={{ marginTop: 4 }}>
              {status.serverUrl}
            </div>
          </div>
        )}
      </div>
      {status.lastError && (
        <div style={{ marginBottom: 14, maxWidth: 980 }}>
          <ErrorNotice error={status.lastError} tone="warn" />
        </div>
      )}
    </>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <div className="sync-fact">
      <span className="soft">{label}</span>
      <b>{children}</b>
    </div>
  );
}
