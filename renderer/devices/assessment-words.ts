import type { CertificateAssessment } from '../../core/contract/certificate-choice.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

/** Whose certificate it is. */
export const ownerWords: Record<CertificateAssessment['owner'], MessageKey> = {
  agency: 'certificate.owner-agency',
  person: 'certificate.owner-person',
  unknown: 'certificate.owner-unknown',
};

/** How that is known. */
export const ownerSourceWords: Record<CertificateAssessment['ownerSource'], MessageKey | null> = {
  register: 'certificate.owner-by-register',
  certificate: 'certificate.owner-by-certificate',
  name: 'certificate.owner-by-name',
  none: null,
};

/** Chuyên dùng công vụ, công cộng or neither. */
export const classWords: Record<CertificateAssessment['class'], readonly [Tone, MessageKey]> = {
  official: ['ok', 'certificate.class-official'],
  public: ['warn', 'certificate.class-public'],
  unknown: ['idle', 'certificate.class-unknown'],
};

/** Where its chain leads. */
export const chainWords: Record<CertificateAssessment['chain'], readonly [Tone, MessageKey]> = {
  'reaches-anchor': ['ok', 'certificate.chain-reaches'],
  'reaches-sample': ['warn', 'certificate.chain-sample'],
  'no-anchors': ['warn', 'certificate.chain-no-anchors'],
  incomplete: ['warn', 'certificate.chain-incomplete'],
  broken: ['bad', 'certificate.chain-broken'],
};
