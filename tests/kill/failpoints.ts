/**
 * What must be put into the office so that the engine passes the place: a scan, a scan in a folder that does not
 * let it be moved, a scan that was sealed and sent while the TSA was away, a scan with a secrecy mark, an e-document.
 */
export type Stimulus = 'scan' | 'copied-scan' | 'late-timestamp' | 'secret' | 'package';

export interface Failpoint {
  readonly name: string;
  readonly needs: Stimulus;
}

const of = (needs: Stimulus, ...names: string[]): Failpoint[] => names.map((name) => ({ name, needs }));

/** Every named failpoint, in about the order in which a document meets them; docs/failpoints.md says what must hold at each. */
export const failpoints: readonly Failpoint[] = [
  ...of(
    'scan',
    'intake.before-claim',
    'intake.after-claim',
    'store.object-copied',
    'store.object-renamed',
    'intake.object-stored',
    'intake.recorded',
    'intake.source-remembered',
    'intake.after-release',
    'job.begun',
    'intake.checked',
    'intake.pdf-stored',
    'intake.converted',
    'intake.read',
    'intake.proposed',
    'job.finishing',
    'register.before-commit',
    'register.committed',
    'seal.prepared',
    'seal.token-answered',
    'seal.embedded',
    'seal.signed',
    'seal.object-stored',
    'seal.committed',
    'sync.sending',
    'sync.object-uploaded',
    'sync.receipt-received',
    'sync.acknowledged',
  ),
  ...of(
    'copied-scan',
    'intake.claim-copied',
    'intake.after-claim',
    'intake.recorded',
    'intake.source-remembered',
    'intake.after-release',
  ),
  ...of('late-timestamp', 'extend.raised', 'extend.object-stored', 'extend.committed', 'sync.sending'),
  ...of('secret', 'intake.quarantine-decided', 'intake.quarantine-moved', 'intake.quarantined'),
  ...of(
    'package',
    'inbox.object-stored',
    'inbox.recorded',
    'inbox.province-told',
    'inbox.verified',
    'inbox.attachments-stored',
    'inbox.proposed',
  ),
];

/** Those of backups, where no engine works: tests/backup/killed.test.ts goes through them. */
export const backupFailpoints = {
  create: [
    'backup.register-copied',
    'backup.object-copied',
    'backup.objects-copied',
    'backup.set-written',
    'backup.set-named',
    'backup.set-dropped',
  ],
  restore: ['backup.restored-unnamed'],
} as const;
