import type { CertificateAssessment } from '../../core/contract/certificate-choice.ts';
import type { CertificateSummary, TokenKey } from '../../core/contract/token.ts';
import { dateInVietnam, now, showDate } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Facts } from '../ui/facts.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import { assessmentRows } from './assessment-facts.tsx';
import { validityWords } from './validity-words.ts';

interface Props {
  readonly certificate: CertificateSummary;
  readonly tokenKey: TokenKey;
  /** What the engine knows of it; null while that is being asked. */
  readonly assessment: CertificateAssessment | null;
}

/** Chủ thể, đơn vị cấp, hiệu lực, số sê-ri of a key's certificate. */
export function CertificateFacts({ certificate, tokenKey, assessment }: Props) {
  const t = useMessages();
  const validity = validityWords(certificate, now());
  const from = showDate(dateInVietnam(new Date(certificate.notBefore)));
  const to = showDate(dateInVietnam(new Date(certificate.notAfter)));
  return (
    <Facts
      rows={[
        [
          t('certificate.subject'),
          [...new Set([certificate.commonName, certificate.organization])].filter(Boolean).join(', '),
        ],
        [t('certificate.issuer'), certificate.issuer],
        [
          t('certificate.valid'),
          <span key="valid">
            {t('certificate.from-to', { from, to })}{' '}
            <ToneMark tone={validity.tone}>{t(validity.title, { n: validity.days })}</ToneMark>
          </span>,
        ],
        ...(assessment ? assessmentRows(assessment, t) : []),
        [
          t('certificate.serial'),
          <span key="serial" className="mono">
            {certificate.serial}
          </span>,
        ],
        [
          t('certificate.key'),
          tokenKey.keyType && `${tokenKey.keyType.toUpperCase()}${tokenKey.bits ? ` ${tokenKey.bits}` : ''}`,
        ],
        [
          t('certificate.fingerprint'),
          <span key="print" className="mono">
            {certificate.fingerprint}
          </span>,
        ],
      ]}
    />
  );
}
