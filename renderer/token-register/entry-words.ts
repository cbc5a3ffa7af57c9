import type { SigningPurpose } from '../../core/contract/certificate-choice.ts';
import type { MessageKey } from '../i18n/catalogue.ts';

/** What a certificate is for. */
export const purposeWords: Record<SigningPurpose, MessageKey> = {
  agency: 'purpose.agency',
  person: 'purpose.person',
};
