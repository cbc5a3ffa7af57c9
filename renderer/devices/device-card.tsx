import { Button } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import type { CertificateChoice } from '../../core/contract/certificate-choice.ts';
import type { Token, TokenKey } from '../../core/contract/token.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { pinStateWords } from '../token/pin-state.ts';
import { keyName } from '../token/signing-key.ts';
import { isBlocked } from '../token/token-state.ts';
import { useUnlock } from '../token/unlock-context.ts';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { notifyError } from '../ui/notify.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { CertificateFacts } from './certificate-facts.tsx';

interface Props {
  readonly token: Token;
  /** The listed address of the agency's key; null when it is not plugged in. */
  readonly signingKeyUri: string | null;
}

/** A token: its make, its PIN's state, its keys. */
export function DeviceCard({ token, signingKeyUri }: Props) {
  const t = useMessages();
  const lock = useAction('token.lock');
  const unlock = useUnlock();
  const choices = useProcedure('token.choices', { purpose: 'agency' }).data?.choices ?? [];
  const pin = pinStateWords(token, t);
  const [lockedWith] = token.keys;
  const signs = token.keys.some((key) => key.uri === signingKeyUri);
  return (
    <article className="card device">
      <header className="device-head">
        <div>
          <b>{token.label}</b>
          <div className="soft">{[token.manufacturer, token.model].filter(Boolean).join(' · ')}</div>
        </div>
        {token.unlocked ? (
          <ToneMark tone="ok" icon={IconLockOpen}>
            {t('token.is-unlocked')}
          </ToneMark>
        ) : (
          <ToneMark tone="idle" icon={IconLock}>
            {t('token.is-locked')}
          </ToneMark>
        )}
      </header>
      {token.kind === 'soft' && <Notice tone="warn">{t('token.soft-warning')}</Notice>}
      <Facts
        rows={[
          [
            t('token.serial'),
            token.serial && (
              <span key="serial" className="mono">
                {token.serial}
              </span>
            ),
          ],
          [
            t('pin.state'),
            <ToneMark key="pin" tone={pin.tone}>
              {pin.text}
            </ToneMark>,
          ],
          [
            t('pin.length'),
            token.kind === 'soft'
              ? null
              : t('pin.length-n', { min: token.pinLength.min, max: token.pinLength.max }),
          ],
        ]}
      />
      {lockedWith && (
        <div>
          {token.unlocked ? (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => lock.mutate(signs ? {} : { keyUri: lockedWith.uri }, { onError: notifyError })}
            >
              {t('token.lock-now')}
            </Button>
          ) : (
            <Button
              size="compact-xs"
              onClick={() => (signs ? unlock.open() : unlock.openOther(token.id))}
              disabled={isBlocked(token)}
            >
              {t('token.unlock')}
            </Button>
          )}
        </div>
      )}
      {token.keys.map((key) => (
        <KeyPart
          key={key.uri}
          tokenKey={key}
          chosen={key.uri === signingKeyUri}
          choice={choices.find((choice) => choice.keyUri === key.uri)}
        />
      ))}
    </article>
  );
}

interface KeyProps {
  readonly tokenKey: TokenKey;
  readonly chosen: boolean;
  readonly choice: CertificateChoice | undefined;
}

function KeyPart({ tokenKey, chosen, choice }: KeyProps) {
  const t = useMessages();
  const say = useSaid();
  const settings = useAction('settings.set');
  const name = choice?.rememberedName;
  return (
    <div className="device-key">
      <div className="device-head">
        <b>{name ? `${name} – ${keyName(tokenKey)}` : keyName(tokenKey)}</b>
        {chosen ? (
          <ToneMark tone="ok">{t('devices.signing-key')}</ToneMark>
        ) : (
          !choice?.assessment?.obstacle && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => settings.mutate({ signing: { keyUri: tokenKey.uri } }, { onError: notifyError })}
            >
              {t('devices.use-for-signing')}
            </Button>
          )
        )}
      </div>
      {tokenKey.certificate ? (
        <CertificateFacts
          certificate={tokenKey.certificate}
          tokenKey={tokenKey}
          assessment={choice?.assessment ?? null}
        />
      ) : (
        <span className="soft">{t('devices.certificate-after-login')}</span>
      )}
      {choice?.assessment?.obstacle && <Notice tone="warn">{say(choice.assessment.obstacle)}</Notice>}
    </div>
  );
}
