import { Button, Checkbox, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Token, TokenKey } from '../../core/contract/token.ts';
import { showDate } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { notifyDone } from '../ui/notify.ts';
import { pinStateWords } from './pin-state.ts';
import { keyName } from './signing-key.ts';
import { usePinUnlock } from './use-pin-unlock.ts';
import { WaitingDocuments } from './waiting-documents.tsx';
import './pin-dialog.css';

interface Props {
  readonly token: Token;
  readonly signingKey: TokenKey;
  readonly onClose: () => void;
}

/** Asks for the PIN: says what will be signed, with which key, and how its tries stand. */
export function PinDialog({ token, signingKey, onClose }: Props) {
  const t = useMessages();
  // The PIN lives in the field only and leaves it before it is sent.
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const { busy, error, unlock } = usePinUnlock(signingKey.uri);
  const words = pinStateWords(token, t);
  const lastTry = token.pinState === 'final-try';
  const [confirmed, setConfirmed] = useState(false);
  const unusable = token.pinState === 'locked' || token.pinState === 'not-initialized';

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || unusable || (lastTry && !confirmed)) return;
    const pin = token.pinPad ? null : (field.current?.value ?? '');
    setMissing(pin === '');
    if (pin === '') return;
    if (field.current) field.current.value = '';
    if (await unlock(pin, confirmed ? 'confirmed' : 'refuse')) {
      notifyDone(t('token.unlocked-now'));
      onClose();
    }
  }

  useEffect(() => {
    if (error) field.current?.focus();
  }, [error]);

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('pin.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <form onSubmit={(event) => void submit(event)} autoComplete="off">
        <Stack gap="sm">
          <WaitingDocuments />
          <Facts
            rows={[
              [t('pin.key'), <b key="name">{keyName(signingKey)}</b>],
              [t('certificate.issuer'), signingKey.certificate?.issuer],
              [
                t('certificate.valid'),
                signingKey.certificate &&
                  `${showDate(signingKey.certificate.notBefore)} – ${showDate(signingKey.certificate.notAfter)}`,
              ],
              [t('token.device'), token.label],
            ]}
          />
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
              maxLength={token.pinLength.max}
              disabled={unusable}
              error={missing ? t('pin.required') : null}
              visibilityToggleButtonProps={{ 'aria-label': t('pin.show') }}
            />
          )}
          {lastTry && (
            <Checkbox
              size="xs"
              checked={confirmed}
              label={t('pin.last-try-confirm')}
              onChange={(event) => setConfirmed(event.currentTarget.checked)}
            />
          )}
          {error && <ErrorNotice error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" size="xs" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" size="xs" loading={busy} disabled={unusable || (lastTry && !confirmed)}>
              {t('token.unlock')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
