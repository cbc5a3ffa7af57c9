import type { MessageKey, Translate } from '../i18n/catalogue.ts';

/** Words for what the audit log records; an action without a word here is shown as it is written. */
const words: Readonly<Record<string, MessageKey>> = {
  'intake.received': 'audit.intake-received',
  'intake.checked': 'audit.intake-checked',
  'intake.held': 'audit.intake-held',
  'intake.quarantined': 'audit.intake-quarantined',
  'intake.failed': 'audit.intake-failed',
  'intake.proposed': 'audit.intake-proposed',
  'intake.accepted': 'audit.intake-accepted',
  'intake.dismissed': 'audit.intake-dismissed',
  'register.entered': 'audit.register-entered',
  'register.registered': 'audit.register-entered',
  'register.voided': 'audit.register-voided',
  'register.corrected': 'audit.register-corrected',
  'register.transferred': 'audit.register-transferred',
  'document.signed': 'audit.document-signed',
  'document.sealed': 'audit.document-sealed',
  'document.verified': 'audit.document-verified',
  'sync.sent': 'audit.sync-sent',
  'sync.acked': 'audit.sync-acked',
  'sync.fetched': 'audit.sync-fetched',
  'settings.changed': 'audit.settings-changed',
};

/** What an entry of the audit log says, in words. */
export function actionWord(action: string, t: Translate): string {
  const key = words[action];
  return key ? t(key) : action;
}
