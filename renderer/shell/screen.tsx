import { AuditScreen } from '../audit/audit-screen.tsx';
import { DevicesScreen } from '../devices/devices-screen.tsx';
import { DiagnosisScreen } from '../diagnosis/diagnosis-screen.tsx';
import { DocumentScreen } from '../document/document-screen.tsx';
import { InboxScreen } from '../inbox/inbox-screen.tsx';
import { RegisterScreen } from '../register/register-screen.tsx';
import { SealingScreen } from '../sealing/sealing-screen.tsx';
import { SettingsScreen } from '../settings/settings-screen.tsx';
import { SyncScreen } from '../sync/sync-screen.tsx';
import { TokenRegisterScreen } from '../token-register/token-register-screen.tsx';
import { usePlace } from '../router/use-place.ts';

/** The screen that the address names. */
export function Screen() {
  const { route, id } = usePlace();
  switch (route) {
    case 'inbox':
      return <InboxScreen selectedId={id} />;
    case 'register':
      return <RegisterScreen />;
    case 'document':
      return <DocumentScreen key={id} id={id!} />;
    case 'sealing':
      return <SealingScreen />;
    case 'sync':
      return <SyncScreen />;
    case 'devices':
      return <DevicesScreen />;
    case 'diagnosis':
      return <DiagnosisScreen />;
    case 'tokens':
      return <TokenRegisterScreen />;
    case 'audit':
      return <AuditScreen />;
    case 'settings':
      return <SettingsScreen />;
  }
}
