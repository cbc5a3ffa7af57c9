import type { CertificateClass, SignatureReport } from '../../core/contract/verification.ts';
import { showInstant } from '../format/date.ts';
import type { MessageKey, Translate } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

export interface SignatureCheck {
  readonly title: string;
  readonly tone: Tone;
  readonly text: string;
}

type Words = readonly [Tone, MessageKey];

/** Whose certificate it is. */
export const classWords: Record<CertificateClass, Words> = {
  official: ['ok', 'check.class-official'],
  public: ['info', 'check.class-public'],
  unknown: ['warn', 'check.class-unknown'],
};

const coverageWords: Record<SignatureReport['coverage'], Words> = {
  'whole-file': ['ok', 'check.coverage-whole'],
  revision: ['ok', 'check.coverage-revision'],
  partial: ['bad', 'check.coverage-partial'],
};

const laterWords: Record<SignatureReport['later'], Words> = {
  none: ['ok', 'check.later-none'],
  permitted: ['ok', 'check.later-permitted'],
  forbidden: ['bad', 'check.later-forbidden'],
};

const revocationWords: Record<SignatureReport['revocation'], Words> = {
  good: ['ok', 'check.revocation-good'],
  revoked: ['bad', 'check.revocation-revoked'],
  unknown: ['warn', 'check.revocation-unknown'],
};

/** What was checked of a signature, one line each in the words of domain/vietnam.md §8. */
export function signatureChecks(signature: SignatureReport, t: Translate): SignatureCheck[] {
  const line = (title: MessageKey, [tone, text]: Words): SignatureCheck => ({
    title: t(title),
    tone,
    text: t(text),
  });
  return [
    line('check.integrity', integrityWords(signature.integrity)),
    line('check.coverage', coverageWords[signature.coverage]),
    line('check.later', laterWords[signature.later]),
    line('check.certificate', certificateWords(signature)),
    timeCheck(signature, t),
    line('check.revocation', revocationWords[signature.revocation]),
  ];
}

/** A class that we do not know is something else than an issuer that we do not trust. */
function certificateWords(signature: SignatureReport): Words {
  const known = signature.signer?.class ?? 'unknown';
  const trusted = signature.indication === 'TOTAL_PASSED' || signature.subIndication === 'TRY_LATER';
  return known === 'unknown' && trusted ? ['info', 'check.class-other'] : classWords[known];
}

function integrityWords(integrity: boolean | null): Words {
  if (integrity === null) return ['warn', 'check.integrity-unknown'];
  return integrity ? ['ok', 'check.integrity-ok'] : ['bad', 'check.integrity-broken'];
}

function timeCheck(signature: SignatureReport, t: Translate): SignatureCheck {
  const stamp = signature.timestamps.find((timestamp) => timestamp.ok);
  const at = showInstant(stamp?.time ?? signature.bestSignatureTime ?? signature.claimedTime, 'seconds');
  const title = t('check.time');
  if (stamp) return { title, tone: 'ok', text: t('check.time-stamped', { at, by: stamp.authority }) };
  if (signature.timestamps.length > 0)
    return { title, tone: 'warn', text: t('check.time-stamp-bad', { at }) };
  return { title, tone: 'info', text: t('check.time-claimed', { at: at || '–' }) };
}
