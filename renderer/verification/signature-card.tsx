import { Button, Collapse } from '@mantine/core';
import { IconArrowsDiff, IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { SignatureReport } from '../../core/contract/verification.ts';
import { showFileName } from '../format/file-name.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { Facts } from '../ui/facts.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import { ChangeList } from './change-list.tsx';
import { signatureChecks } from './signature-checks.ts';
import { indicationWordsOf, purposeWords } from './verdict-words.ts';
import './signature.css';

interface Props {
  readonly signature: SignatureReport;
  /** Shows the signed revision beside the current one; left out where there is no file to show. */
  readonly onCompare?: (() => void) | undefined;
}

/** One signature: the verdict, each check in human words, technical details on demand. */
export function SignatureCard({ signature, onCompare }: Props) {
  const t = useMessages();
  const say = useSaid();
  const [open, setOpen] = useState(false);
  const [tone, title] = indicationWordsOf(signature);
  const signer = signature.signer;
  return (
    <section className="card signature">
      <header className="signature-head">
        <div>
          <b>{signer?.name ?? t('signature.no-signer')}</b>
          <div className="soft">
            {t(purposeWords[signature.purpose])}
            {signature.bestSignatureTime && ` · ${showInstant(signature.bestSignatureTime, 'seconds')}`}
          </div>
        </div>
        <ToneMark tone={tone}>{t(title)}</ToneMark>
      </header>
      {signature.messages.length > 0 && (
        <ul className="signature-messages">
          {signature.messages.map((message) => (
            <li key={message.code}>{say({ code: message.code, message: message.text })}</li>
          ))}
        </ul>
      )}
      <table className="plain-table signature-checks">
        <tbody>
          {signatureChecks(signature, t).map((check) => (
            <tr key={check.title}>
              <th scope="row">{check.title}</th>
              <td>
                <ToneMark tone={check.tone}>{check.text}</ToneMark>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {signature.changes.length > 0 && (
        <section aria-label={t('changes.title')}>
          <h3 className="card-title">{t('changes.title')}</h3>
          <ChangeList changes={signature.changes} />
          {onCompare && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconArrowsDiff size={14} aria-hidden />}
              onClick={onCompare}
            >
              {t('compare.open')}
            </Button>
          )}
        </section>
      )}
      <Button
        variant="subtle"
        size="compact-xs"
        aria-expanded={open}
        leftSection={open ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
        onClick={() => setOpen(!open)}
      >
        {t('signature.details')}
      </Button>
      <Collapse expanded={open} transitionDuration={0}>
        <div className="signature-details">
          <Facts
            rows={[
              [
                t('certificate.subject'),
                signer && [signer.name, signer.organization].filter(Boolean).join(', '),
              ],
              [t('certificate.issuer'), signer?.issuer],
              [
                t('certificate.valid'),
                signer && `${showInstant(signer.notBefore)} – ${showInstant(signer.notAfter)}`,
              ],
              [
                t('certificate.serial'),
                signer && (
                  <span key="serial" className="mono">
                    {signer.serial}
                  </span>
                ),
              ],
              [
                t('certificate.fingerprint'),
                signer && (
                  <span key="print" className="mono">
                    {signer.fingerprint}
                  </span>
                ),
              ],
              [t('signature.field'), showFileName(signature.field)],
              [t('signature.level'), signature.level === 'none' ? '–' : signature.level],
              [t('signature.sub-filter'), signature.subFilter],
              [t('signature.algorithm'), [signature.scheme, signature.digest].filter(Boolean).join(', ')],
              [t('signature.claimed-time'), showInstant(signature.claimedTime, 'seconds')],
              [
                t('signature.indication'),
                [signature.indication, signature.subIndication].filter(Boolean).join(' / '),
              ],
            ]}
          />
        </div>
      </Collapse>
    </section>
  );
}
