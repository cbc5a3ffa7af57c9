import type { SigningPurpose } from '../../core/contract/certificate-choice.ts';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import type { MessageKey } from '../i18n/catalogue.ts';

/** What a certificate is for. */
export const purposeWords: Record<SigningPurpose, MessageKey> = {
  agency: 'purpose.agency',
  person: 'purpose.person',
};

/** Subject and organisation, once where they are the same. */
export function subjectOf({ subject, organization }: Pick<TokenEntry, 'subject' | 'organization'>): string {
  return [...new Set([subject, organization].filter(Boolean))].join(', ');
}
