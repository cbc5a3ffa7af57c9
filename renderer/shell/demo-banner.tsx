import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';

/** Says on every screen that the data are samples. */
export function DemoBanner() {
  const t = useMessages();
  const status = useProcedure('engine.status', {});
  if (!status.data?.demo) return null;
  return <div className="demo-banner">{t('shell.demo-banner')}</div>;
}
