import { Button } from '@mantine/core';
import { IconLock, IconLockOpen, IconUsb } from '@tabler/icons-react';
import { useCommands } from '../commands/use-commands.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { notifyError } from '../ui/notify.ts';
import { useUnlock } from './unlock-context.ts';
import { useSigningKey } from './use-signing-key.ts';

/** State of the signing token, with its lock. */
export function TokenStrip() {
  const t = useMessages();
  const key = useSigningKey();
  const unlock = useUnlock();
  const lock = useAction('token.lock');
  const waiting = useProcedure('engine.status', {}).data?.counts.waitingForToken ?? 0;
  const doLock = () => lock.mutate({}, { onError: notifyError });
  useCommands([
    {
      id: 'token-unlock',
      title: 'token.unlock',
      group: 'token',
      chord: 'F7',
      when: () => key?.state === 'locked',
      run: unlock.open,
    },
    {
      id: 'token-lock',
      title: 'token.lock',
      group: 'token',
      chord: 'Shift+F7',
      when: () => key?.state === 'unlocked',
      run: doLock,
    },
  ]);
  if (!key) return null;
  if (key.state === 'not-chosen') return <ToneMark tone="idle">{t('token.not-chosen')}</ToneMark>;
  if (key.state === 'absent') {
    return (
      <ToneMark tone="warn" icon={IconUsb}>
        {t('token.absent')}
      </ToneMark>
    );
  }
  if (key.state === 'unlocked') {
    return (
      <span className="token-strip">
        <ToneMark tone="ok" icon={IconLockOpen} title={key.token.label}>
          {t('token.is-unlocked')}
        </ToneMark>
        <Button size="compact-xs" variant="default" onClick={doLock}>
          {t('token.lock')}
        </Button>
      </span>
    );
  }
  const blocked = key.token.pinState === 'locked';
  return (
    <span className="token-strip">
      <ToneMark
        tone={blocked ? 'bad' : waiting > 0 ? 'warn' : 'idle'}
        icon={IconLock}
        title={key.token.label}
      >
        {blocked ? t('token.pin-locked') : t('token.is-locked')}
      </ToneMark>
      {!blocked && (
        <Button size="compact-xs" onClick={unlock.open}>
          {waiting > 0 ? t('token.unlock-waiting', { n: waiting }) : t('token.unlock')}
        </Button>
      )}
    </span>
  );
}
