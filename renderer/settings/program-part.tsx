import type { Settings } from '../../core/contract/system.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Facts } from '../ui/facts.tsx';
import { Part } from './part.tsx';

/** What the administrator sets on the command line, for reading only. */
export function ProgramPart({ scanner }: { readonly scanner: Settings['scanner'] }) {
  const t = useMessages();
  const status = useProcedure('engine.status', {}).data;
  return (
    <Part title={t('settings.program')} about={t('settings.program-about')}>
      <Facts
        rows={[
          [t('settings.version'), status?.version],
          [
            t('settings.data-folder'),
            status && (
              <span key="folder" className="mono">
                {status.dataDir}
              </span>
            ),
          ],
          [t('settings.started'), status && showInstant(status.startedAt, 'seconds')],
          [
            t('service.scanner'),
            scanner.mode === 'left-out'
              ? t('virus.left-out')
              : (scanner.socketPath ?? `${scanner.host ?? 'localhost'}:${scanner.port ?? 3310}`),
          ],
          [t('settings.max-size'), t('settings.megabytes', { n: scanner.maxMegabytes })],
        ]}
      />
    </Part>
  );
}
