import type { Urgency } from '../../core/contract/reading.ts';
import type { MessageKey } from '../i18n/catalogue.ts';

/** Độ khẩn in words (domain/vietnam.md §1.8). */
export const urgencyWords: Record<Urgency, MessageKey> = {
  thuong: 'urgency.thuong',
  khan: 'urgency.khan',
  'thuong-khan': 'urgency.thuong-khan',
  'hoa-toc': 'urgency.hoa-toc',
};
