import { Button, Group, Modal } from '@mantine/core';
import { createPortal } from 'react-dom';
import type { Handover, TokenEntry } from '../../core/contract/token-register.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { MinutesSheet } from './minutes-sheet.tsx';

interface Props {
  readonly entry: TokenEntry;
  readonly handover: Handover;
  readonly onClose: () => void;
}

/** Shows the minutes of a handover as they will be printed, for both to sign on paper. */
export function MinutesDialog({ entry, handover, onClose }: Props) {
  const t = useMessages();
  const agency = useProcedure('engine.status', {}).data?.agencies[0];
  const sheet = <MinutesSheet entry={entry} handover={handover} agency={agency ?? null} />;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('token-register.minutes')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <div className="minutes-preview" tabIndex={0} role="region" aria-label={t('token-register.minutes')}>
        {sheet}
      </div>
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={onClose}>
          {t('action.close')}
        </Button>
        <Button size="xs" data-autofocus onClick={() => window.print()}>
          {t('token-register.print')}
        </Button>
      </Group>
      {createPortal(
        <div className="print-sheet" aria-hidden>
          {sheet}
        </div>,
        document.body,
      )}
    </Modal>
  );
}
