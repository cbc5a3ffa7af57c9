import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCommand, IconKeyboard } from '@tabler/icons-react';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { OnlineMark } from './online-mark.tsx';
import { SealMark } from './seal-mark.tsx';
import { TokenStrip } from '../token/token-strip.tsx';

interface Props {
  readonly onPalette: () => void;
  readonly onShortcuts: () => void;
}

/** Top line: whose register this is, whether the province is reached, whether the key is open. */
export function TopStrip({ onPalette, onShortcuts }: Props) {
  const t = useMessages();
  const status = useProcedure('engine.status', {});
  const agency = status.data?.agencies[0];
  return (
    <div className="strip">
      <SealMark />
      <div className="strip-agency">
        <span className="strip-parent">{agency?.parentName}</span>
        <b className="clip">{agency?.name ?? 'Ấn Thư'}</b>
      </div>
      <div className="strip-right">
        <OnlineMark />
        <TokenStrip />
        <Tooltip label={`${t('palette.title')} (Ctrl+K)`}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('palette.title')} onClick={onPalette}>
            <IconCommand size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`${t('shortcuts.title')} (F1)`}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('shortcuts.title')} onClick={onShortcuts}>
            <IconKeyboard size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}
