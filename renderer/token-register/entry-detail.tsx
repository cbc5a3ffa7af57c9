import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { Handover, TokenEntry } from '../../core/contract/token-register.ts';
import { useAction } from '../engine/use-action.ts';
import { dateInVietnam, showDate, showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import { purposeWords, subjectOf } from './entry-words.ts';
import { HandOverDialog } from './hand-over-dialog.tsx';
import { MinutesDialog } from './minutes-dialog.tsx';

type Dialog = 'hand-over' | 'change' | 'retire' | Handover | null;

/** A line of the register with its certificate and its handover minutes. */
export function EntryDetail({ entry }: { readonly entry: TokenEntry }) {
  const t = useMessages();
  const retire = useAction('token-register.retire');
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => setDialog(null);
  const day = (instant: string) => showDate(dateInVietnam(new Date(instant)));
  return (
    <section className="card token-register-detail" aria-label={entry.name}>
      <h2 className="card-title">{entry.name}</h2>
      {entry.retiredAt && (
        <Notice tone="info">
          {t('token-register.retired-on', {
            at: showInstant(entry.retiredAt),
            reason: entry.retiredReason ?? '',
          })}
        </Notice>
      )}
      {entry.kind === 'soft' && <Notice tone="warn">{t('token.soft-warning')}</Notice>}
      <Facts
        rows={[
          [t('token-register.holder'), entry.holder || '–'],
          [t('token-register.purpose'), t(purposeWords[entry.purpose])],
          [t('certificate.subject'), subjectOf(entry)],
          [t('certificate.issuer'), entry.issuer],
          [
            t('certificate.valid'),
            t('certificate.from-to', { from: day(entry.notBefore), to: day(entry.notAfter) }),
          ],
          [t('token.device'), [entry.tokenLabel, entry.manufacturer].filter(Boolean).join(' · ')],
          [
            t('token.serial'),
            entry.serial && (
              <span key="serial" className="mono">
                {entry.serial}
              </span>
            ),
          ],
          [
            t('token-register.key-id'),
            entry.keyId && (
              <span key="key" className="mono">
                {entry.keyId}
              </span>
            ),
          ],
          [
            t('token-register.certificate-serial'),
            <span key="certificate" className="mono">
              {entry.certificateSerial}
            </span>,
          ],
          [
            t('certificate.fingerprint'),
            <span key="print" className="mono">
              {entry.fingerprint}
            </span>,
          ],
          [t('token-register.note'), entry.note],
          [t('token-register.entered'), showInstant(entry.registeredAt)],
        ]}
      />
      {!entry.retiredAt && (
        <Group gap="xs">
          <Button size="compact-xs" onClick={() => setDialog('hand-over')}>
            {t('token-register.hand-over')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setDialog('change')}>
            {t('token-register.change')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setDialog('retire')}>
            {t('token-register.retire')}
          </Button>
        </Group>
      )}
      <h3 className="card-title">{t('token-register.minutes')}</h3>
      {entry.handovers.length === 0 && <span className="soft">{t('token-register.no-minutes')}</span>}
      {entry.handovers.length > 0 && (
        <ol className="token-register-handovers">
          {entry.handovers.map((handover) => (
            <li key={handover.id}>
              <span>
                <b>{t('token-register.minutes-n', { n: handover.number, date: showDate(handover.date) })}</b>
                <br />
                {handover.givenBy} → {handover.receivedBy}
                {handover.note && <span className="soft"> · {handover.note}</span>}
              </span>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={t('token-register.print-n', { n: handover.number })}
                onClick={() => setDialog(handover)}
              >
                {t('token-register.print')}
              </Button>
            </li>
          ))}
        </ol>
      )}
      {dialog === 'hand-over' && <HandOverDialog entry={entry} onClose={close} onWritten={setDialog} />}
      {dialog === 'change' && <ChangeDialog entry={entry} onClose={close} />}
      {dialog === 'retire' && (
        <ReasonDialog
          title={t('token-register.retire-title', { name: entry.name })}
          confirmLabel={t('token-register.retire')}
          onClose={close}
          onConfirm={(reason) => retire.mutateAsync({ id: entry.id, reason: reason.slice(0, 200) })}
        >
          {t('token-register.retire-about')}
        </ReasonDialog>
      )}
      {dialog !== null && typeof dialog === 'object' && (
        <MinutesDialog entry={entry} handover={dialog} onClose={close} />
      )}
    </section>
  );
}
