import { Button, Checkbox, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Token, TokenKey } from '../../core/contract/token.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { now, showDate } from '../format/date.ts';
import { validityWords } from '../devices/validity-words.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { notifyDone } from '../ui/notify.ts';
import { pinStateWords } from './pin-state.ts';
import { useRememberedName } from './remembered-name.ts';
import { keyName } from './signing-key.ts';
import { isBlocked } from './token-state.ts';
import { usePinUnlock } from './use-pin-unlock.ts';
import { toBeSigned, WaitingDocuments } from './waiting-documents.tsx';
import './pin-dialog.css';

interface Props {
  readonly token: Token;
  readonly signingKey: TokenKey;
  /** `sealing`: the agency's, whose documents wait; `other`: one that signs none of them. */
  readonly use: 'sealing' | 'other';
  readonly onClose: () => void;
}

/** Asks for the PIN: says what will be signed, with which key, and how its tries stand. */
export function PinDialog({ token, signingKey, use, onClose }: Props) {
  const t = useMessages();
  // The PIN lives in the field only and leaves it before it is sent.
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const { busy, error, unlock, cancel } = usePinUnlock(signingKey.uri);
  const words = pinStateWords(token, t);
  const name = useRememberedName(token, signingKey);
  const list = useProcedure('sealing.list', {}).data;
  const waiting = list && use === 'sealing' ? toBeSigned(list) : 0;
  const life = signingKey.certificate && validityWords(signingKey.certificate, now());
  // The token's flags say so, or the engine does, which counts itself where tokens do not.
  const lastTry = token.pinState === 'final-try' || error?.code === 'token.last-try-needs-confirmation';
  const [confirmed, setConfirmed] = useState(false);
  const consent = useRef<HTMLInputElement>(null);
  const unusable = isBlocked(token);

  const unlockLabel = waiting > 0 ? t('pin.unlock-and-sign', { n: waiting }) : t('token.unlock');

  function giveUp(): void {
    cancel();
    onClose();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || unusable || (lastTry && !confirmed)) return;
    const pin = token.pinPad ? null : (field.current?.value ?? '');
    setMissing(pin === '');
    if (pin === '') return;
    if (field.current) field.current.value = '';
    // Each last try is agreed to by itself.
    setConfirmed(false);
    if (await unlock(pin, confirmed ? 'confirmed' : 'refuse')) {
      notifyDone(t('token.unlocked-now'));
      onClose();
    }
  }

  useEffect(() => {
    if (!error) return;
    if (error.code === 'token.last-try-needs-confirmation') consent.current?.focus();
    else field.current?.focus();
  }, [error]);

  // Whatever ends the dialog, nothing typed stays in the page.
  useEffect(() => {
    const input = field.current;
    return () => {
      if (input) input.value = '';
    };
  }, []);

  return (
    <Modal
      opened
      onClose={giveUp}
      title={t(use === 'sealing' ? 'pin.title' : 'pin.title-other')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <form onSubmit={(event) => void submit(event)} autoComplete="off">
        <Stack gap="sm">
          {use === 'sealing' ? <WaitingDocuments /> : <SignsNothing />}
          <Facts
            rows={[
              [t('pin.key'), <b key="name">{keyName(signingKey)}</b>],
              [t('certificate.issuer'), signingKey.certificate?.issuer],
              [
                t('certificate.valid'),
                signingKey.certificate &&
                  `${showDate(signingKey.certificate.notBefore)} – ${showDate(signingKey.certificate.notAfter)}`,
              ],
              [t('token.device'), name ? `${name} (${token.label})` : token.label],
            ]}
          />
          {life && life.tone !== 'ok' && <Notice tone={life.tone}>{t(life.title, { n: life.days })}</Notice>}
          {token.kind === 'soft' && <Notice tone="warn">{t('token.soft-warning')}</Notice>}
          {words.tone === 'ok' ? (
            <span className="soft">{words.text}</span>
          ) : (
            <Notice tone={words.tone}>{words.text}</Notice>
          )}
          {token.pinPad ? (
            <Notice tone="info">{t('pin.on-reader')}</Notice>
          ) : (
            <PasswordInput
              ref={field}
              data-autofocus
              label={t('pin.label')}
              autoComplete="off"
              spellCheck={false}
              // No maxLength: a PIN that was cut off would be another one, and cost a try. The token host refuses one that is too long.
              disabled={unusable}
              error={missing ? t('pin.required') : null}
              visibilityToggleButtonProps={{ 'aria-label': t('pin.show') }}
            />
          )}
          {lastTry && !unusable && (
            <Checkbox
              size="xs"
              ref={consent}
              checked={confirmed}
              label={t('pin.last-try-confirm')}
              onChange={(event) => setConfirmed(event.currentTarget.checked)}
            />
          )}
          {error && <ErrorNotice error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" size="xs" onClick={giveUp}>
              {t('action.cancel')}
            </Button>
            <Button
              type="submit"
              size="xs"
              {...(token.pinPad ? { 'data-autofocus': true } : {})}
              loading={busy}
              disabled={unusable || (lastTry && !confirmed)}
            >
              {busy && token.pinPad ? t('pin.waits-for-reader') : unlockLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What another token is unlocked for. */
function SignsNothing() {
  const t = useMessages();
  return (
    <div className="pin-what">
      <strong>{t('pin.signs-nothing')}</strong>
      <p>{t('pin.other-for')}</p>
    </div>
  );
}
