import { Button } from '@mantine/core';
import { IconLock, IconLockOpen, IconPlugX, IconUsb, IconWriting, type Icon } from '@tabler/icons-react';
import { validityWords } from '../devices/validity-words.ts';
import { useCommands } from '../commands/use-commands.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { now } from '../format/date.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { hashOf } from '../router/parse-hash.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { notifyError } from '../ui/notify.ts';
import type { Tone } from '../ui/tone.ts';
import { Countdown } from './countdown.tsx';
import { useRememberedName } from './remembered-name.ts';
import { OtherTokens } from './other-tokens.tsx';
import type { TokenState } from './token-state.ts';
import { driverWords } from './driver-words.ts';
import { useUnlock } from './unlock-context.ts';
import { useTokenState } from './use-token-state.ts';

const looks: Record<TokenState['state'], readonly [Tone, Icon, MessageKey]> = {
  'not-chosen': ['idle', IconUsb, 'token.not-chosen'],
  driver: ['bad', IconPlugX, 'token.driver-unusable'],
  absent: ['warn', IconUsb, 'token.absent'],
  blocked: ['bad', IconLock, 'token.pin-locked'],
  locked: ['idle', IconLock, 'token.is-locked'],
  busy: ['info', IconWriting, 'token.busy'],
  ready: ['ok', IconLockOpen, 'token.is-unlocked'],
};

/** State of the signing token in the top strip: what it is doing, when it locks, its lock. */
export function TokenStrip() {
  const t = useMessages();
  const say = useSaid();
  const found = useTokenState();
  const unlock = useUnlock();
  const lock = useAction('token.lock');
  const token = found && 'token' in found.key ? found.key : undefined;
  const name = useRememberedName(token?.token, token?.key);
  const waiting = useProcedure('engine.status', {}).data?.counts.waitingForToken ?? 0;
  const state = found?.state;
  const open = state === 'ready' || state === 'busy';
  const doLock = () => lock.mutate({}, { onError: notifyError });
  useCommands([
    {
      id: 'token-unlock',
      title: 'token.unlock',
      group: 'token',
      chord: 'F7',
      when: () => state === 'locked',
      run: unlock.open,
    },
    {
      id: 'token-lock',
      title: 'token.lock-now',
      group: 'token',
      chord: 'Shift+F7',
      when: () => open,
      run: doLock,
    },
  ]);
  if (!found || !state) return null;
  const [usualTone, usualIcon, usualTitle] = looks[state];
  const pin = token?.token.pinState;
  const lastTry = state === 'locked' && pin === 'final-try';
  const tone = lastTry
    ? 'bad'
    : state === 'locked' && (waiting > 0 || pin === 'count-low')
      ? 'warn'
      : usualTone;
  const title = lastTry
    ? t('token.last-try')
    : state === 'blocked' && pin !== 'locked'
      ? t('token.not-usable')
      : found.trouble && (state === 'driver' || state === 'absent' || state === 'locked')
        ? t(driverWords(found.trouble))
        : t(usualTitle);
  const trouble = found.trouble && !open;
  const life = token?.key.certificate && validityWords(token.key.certificate, now());
  return (
    <span className="token-strip" data-token-state={state}>
      <span role="status">
        <ToneMark
          tone={trouble && tone !== 'bad' ? 'warn' : tone}
          icon={usualIcon}
          title={found.trouble ? say(found.trouble) : [name, token?.token.label].filter(Boolean).join(' – ')}
        >
          {title}
        </ToneMark>
      </span>
      {name && <span className="token-name clip">{name}</span>}
      {life && life.tone !== 'ok' && (
        <a className="token-help" href={hashOf('tokens')}>
          {t(life.title, { n: life.days })}
        </a>
      )}
      {state === 'ready' && found.idleLockAt && (
        <span className="soft token-idle">
          {t('token.locks-in')} <Countdown until={found.idleLockAt} />
        </span>
      )}
      {(state === 'driver' || state === 'absent' || state === 'blocked' || trouble) && (
        <a className="token-help" href={hashOf('diagnosis')}>
          {t('token.what-to-do')}
        </a>
      )}
      {open && (
        <Button size="compact-xs" variant="default" onClick={doLock}>
          {t('token.lock-now')}
        </Button>
      )}
      {state === 'locked' && (
        <Button size="compact-xs" onClick={unlock.open}>
          {waiting > 0 ? t('token.unlock-waiting', { n: waiting }) : t('token.unlock')}
        </Button>
      )}
      <OtherTokens />
    </span>
  );
}
