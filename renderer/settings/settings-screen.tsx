import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { ComputerPart } from './computer-part.tsx';
import { FoldersPart } from './folders-part.tsx';
import { LanguagePart } from './language-part.tsx';
import { ProgramPart } from './program-part.tsx';
import { SigningPart } from './signing-part.tsx';
import { TrustPart } from './trust-part.tsx';
import { SyncPart } from './sync-part.tsx';
import './settings.css';

/** Cài đặt: what the clerk may change, each part with its own button. */
export function SettingsScreen() {
  const t = useMessages();
  const settings = useProcedure('settings.get', {});
  const choices = useProcedure('token.choices', { purpose: 'agency' });
  useScreenReady(!settings.isPending && !choices.isPending);
  if (settings.isPending || choices.isPending) return <Loading />;
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{t('nav.settings')}</h1>
      </header>
      <div className="screen-body" tabIndex={0} role="region" aria-label={t('nav.settings')}>
        {settings.error && <ErrorNotice error={settings.error} />}
        {settings.data && (
          <div className="settings">
            <FoldersPart folders={settings.data.watchedFolders} />
            <SigningPart key={JSON.stringify(settings.data.signing)} signing={settings.data.signing} />
            <TrustPart />
            <SyncPart key={settings.data.sync.everySeconds} sync={settings.data.sync} />
            <LanguagePart language={settings.data.language} />
            <ComputerPart />
            <ProgramPart scanner={settings.data.scanner} />
          </div>
        )}
      </div>
    </div>
  );
}
