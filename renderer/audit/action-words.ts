import type { MessageKey, Translate } from '../i18n/catalogue.ts';

/** Words for what the audit log records; an action without a word here is shown as it is written. */
const words: Readonly<Record<string, MessageKey>> = {
  'agency.created': 'audit.agency-created',
  'archive.checked': 'audit.archive-checked',
  'archive.exported': 'audit.archive-exported',
  'backup.made': 'audit.backup-made',
  'register.numbers-missing': 'audit.register-numbers-missing',
  'register.restored': 'audit.register-restored',
  'document.sealed': 'audit.document-sealed',
  'document.raised': 'audit.document-raised',
  'document.renewed': 'audit.document-renewed',
  'document.acknowledged': 'audit.document-acknowledged',
  'document.verified': 'audit.document-verified',
  'inbox.fetched': 'audit.inbox-fetched',
  'inbox.set-aside': 'audit.inbox-set-aside',
  'inbox.status': 'audit.inbox-status',
  'inbox.verified': 'audit.inbox-verified',
  'intake.converted': 'audit.intake-converted',
  'intake.dismissed': 'audit.intake-dismissed',
  'intake.failed': 'audit.intake-failed',
  'intake.proposed': 'audit.intake-proposed',
  'intake.quarantined': 'audit.intake-quarantined',
  'intake.received': 'audit.intake-received',
  'intake.virus-checked': 'audit.intake-virus-checked',
  'program.updated': 'audit.program-updated',
  'register.decided': 'audit.register-decided',
  'trust.accepted': 'audit.trust-accepted',
  'trust.removed': 'audit.trust-removed',
  'register.corrected': 'audit.register-corrected',
  'register.exported': 'audit.register-exported',
  'register.printed': 'audit.register-printed',
  'register.entered': 'audit.register-entered',
  'register.transferred': 'audit.register-transferred',
  'register.voided': 'audit.register-voided',
  'sealing.held': 'audit.sealing-held',
  'sealing.resumed': 'audit.sealing-resumed',
  'settings.changed': 'audit.settings-changed',
  'sync.acknowledged': 'audit.sync-acknowledged',
  'sync.exported': 'audit.sync-exported',
  'sync.imported': 'audit.sync-imported',
  'token.tried': 'audit.token-tried',
  'token-module.added': 'audit.token-module-added',
  'token-module.removed': 'audit.token-module-removed',
  'token-register.changed': 'audit.token-register-changed',
  'token-register.entered': 'audit.token-register-entered',
  'token-register.handed-over': 'audit.token-register-handed-over',
  'token-register.retired': 'audit.token-register-retired',
  'watch.failed': 'audit.watch-failed',
};

/** What is not named by an id of its own. */
const wholeThings: Readonly<Record<string, MessageKey>> = {
  archive: 'audit.whole-archive',
  backup: 'audit.whole-backup',
  inbox: 'audit.whole-inbox',
  intake: 'audit.whole-intake',
  program: 'audit.whole-program',
  register: 'audit.whole-register',
  sealing: 'audit.whole-sealing',
  settings: 'audit.whole-settings',
  token: 'audit.whole-token',
};

/** A word for the subject of an entry that has no id; undefined for the id of a document, a file or a certificate. */
export function subjectWord(subject: string, t: Translate): string | undefined {
  const key = wholeThings[subject];
  return key && t(key);
}

/** What an entry of the audit log says, in words. */
export function actionWord(action: string, t: Translate): string {
  const key = words[action];
  return key ? t(key) : action;
}
