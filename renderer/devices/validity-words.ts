import type { CertificateSummary } from '../../core/contract/token.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

const day = 24 * 3600 * 1000;
/** From here on the end of a certificate is announced (days). */
const soon = 60;

/** Whether a certificate is in force at an instant, and for how many more days. */
export function validityWords(
  certificate: Pick<CertificateSummary, 'notBefore' | 'notAfter'>,
  now: Date,
): { readonly tone: Tone; readonly title: MessageKey; readonly days: number } {
  const days = Math.floor((Date.parse(certificate.notAfter) - now.getTime()) / day);
  if (days < 0) return { tone: 'bad', title: 'certificate.expired', days };
  if (Date.parse(certificate.notBefore) > now.getTime())
    return { tone: 'bad', title: 'certificate.not-yet', days };
  if (days < soon) return { tone: 'warn', title: 'certificate.ends-soon', days };
  return { tone: 'ok', title: 'certificate.in-force', days };
}
