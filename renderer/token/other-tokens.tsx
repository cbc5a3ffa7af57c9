import { Button, Popover } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { IconLock, IconLockOpen, IconUsb, IconWriting, type Icon } from '@tabler/icons-react';
import { useState } from 'react';
import { useCommands } from '../commands/use-commands.ts';
import { validityWords } from '../devices/validity-words.ts';
import { useAction } from '../engine/use-action.ts';
import { now } from '../format/date.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { AddDialog } from '../token-register/add-dialog.tsx';
import { notifyDone, notifyError } from '../ui/notify.ts';
import type { Tone } from '../ui/tone.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { Countdown } from './countdown.tsx';
import { useRememberedName } from './remembered-name.ts';
import { keyName } from './signing-key.ts';
import type { OtherToken } from './token-state.ts';
import { useOtherTokens } from './use-other-tokens.ts';
import { useUnlock } from './unlock-context.ts';
import './other-tokens.css';

const looks: Record<OtherToken['state'], readonly [Tone, Icon, MessageKey]> = {
  blocked: ['bad', IconLock, 'token.pin-locked'],
  locked: ['idle', IconLock, 'token.is-locked'],
  busy: ['info', IconWriting, 'token.busy'],
  ready: ['ok', IconLockOpen, 'token.is-unlocked'],
};

/** The tokens beside the agency's in the strip: each can be unlocked, tried, locked and named. Nothing where there are none. */
export function OtherTokens() {
  const t = useMessages();
  const others = useOtherTokens();
  const [shown, setShown] = useState(false);
  const [naming, setNaming] = useState<string | null>(null);
  const open = others.filter(({ token }) => token.unlocked).length;
  // The list itself hears keys only once it has the focus, a moment after it is seen.
  useWindowEvent('keydown', ({ key }) => {
    if (key === 'Escape' && shown) setShown(false);
  });
  useCommands([
    {
      id: 'token-others',
      title: 'token.others-title',
      group: 'token',
      chord: 'Ctrl+F7',
      when: () => others.length > 0,
      run: () => setShown(true),
    },
  ]);
  return (
    <>
      {others.length > 0 && (
        <Popover
          opened={shown}
          onChange={setShown}
          position="bottom-end"
          shadow="md"
          trapFocus
          transitionProps={{ duration: 0 }}
        >
          <Popover.Target>
            <Button
              size="compact-xs"
              variant="default"
              leftSection={
                open > 0 ? <IconLockOpen size={13} aria-hidden /> : <IconUsb size={13} aria-hidden />
              }
              onClick={() => setShown(!shown)}
            >
              {open > 0 ? t('token.others-open', { n: open }) : t('token.others', { n: others.length })}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <p className="soft token-others-about">{t('token.others-about')}</p>
            <ul className="token-others">
              {others.map((other) => (
                <OtherTokenLine
                  key={other.token.id}
                  other={other}
                  onLeave={() => setShown(false)}
                  onName={() => setNaming(other.token.id)}
                />
              ))}
            </ul>
          </Popover.Dropdown>
        </Popover>
      )}
      {naming !== null && (
        <AddDialog tokenId={naming} onClose={() => setNaming(null)} onAdded={() => undefined} />
      )}
    </>
  );
}

interface LineProps {
  readonly other: OtherToken;
  /** A dialog comes instead. */
  readonly onLeave: () => void;
  readonly onName: () => void;
}

function OtherTokenLine({ other: { token, key, state, idleLockAt }, onLeave, onName }: LineProps) {
  const t = useMessages();
  const unlock = useUnlock();
  const lock = useAction('token.lock');
  const attempt = useAction('token.try-key');
  const name = useRememberedName(token, key);
  const [tone, icon, title] = looks[state];
  const notYet = state === 'blocked' && token.pinState !== 'locked';
  const life = key.certificate && validityWords(key.certificate, now());
  return (
    <li data-other-token={state}>
      <div className="token-others-who">
        <b>{name ?? keyName(key)}</b>
        <span className="soft">{[name && keyName(key), token.label].filter(Boolean).join(' · ')}</span>
      </div>
      <ToneMark tone={tone} icon={icon}>
        {t(notYet ? 'token.not-usable' : title)}
      </ToneMark>
      {life && life.tone !== 'ok' && <ToneMark tone={life.tone}>{t(life.title, { n: life.days })}</ToneMark>}
      {state === 'ready' && idleLockAt && (
        <span className="soft token-idle">
          {t('token.locks-in')} <Countdown until={idleLockAt} />
        </span>
      )}
      <div className="token-others-buttons">
        {state === 'locked' && (
          <Button
            size="compact-xs"
            onClick={() => {
              onLeave();
              unlock.openOther(token.id);
            }}
          >
            {t('token.unlock')}
          </Button>
        )}
        {state === 'ready' && (
          <Button
            size="compact-xs"
            variant="default"
            loading={attempt.isPending}
            onClick={() =>
              attempt.mutate(
                { keyUri: key.uri },
                {
                  onError: notifyError,
                  onSuccess: ({ keyType, bits, ms }) =>
                    notifyDone(t('token.tried', { key: `${keyType.toUpperCase()} ${bits}`, ms })),
                },
              )
            }
          >
            {t('token.try')}
          </Button>
        )}
        {(state === 'ready' || state === 'busy') && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => lock.mutate({ keyUri: key.uri }, { onError: notifyError })}
          >
            {t('token.lock-now')}
          </Button>
        )}
        {!name && key.certificate && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              onLeave();
              onName();
            }}
          >
            {t('token.name-it')}
          </Button>
        )}
      </div>
    </li>
  );
}
