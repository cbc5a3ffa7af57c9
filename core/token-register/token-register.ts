import { z } from 'zod';
import type { AuditLog } from '../audit/audit-log.ts';
import type { SigningPurpose } from '../contract/certificate-choice.ts';
import type { CertificateSummary } from '../contract/token.ts';
import type { TokenEntry } from '../contract/token-register.ts';
import { type Clock, vietnamDate } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from '../store/database.ts';
import {
  entryColumns,
  entryRowSchema,
  type EntryRow,
  handoverRowSchema,
  toEntry,
  toHandover,
} from './token-entry-row.ts';

const dayMs = 24 * 3600 * 1000;

/** What a line is known by, over plugging and slots. */
export interface TokenCertificateIdentity {
  readonly kind: 'pkcs11' | 'soft';
  readonly manufacturer: string;
  readonly serial: string;
  /** CKA_ID in lower-case hex; empty for files. */
  readonly keyId: string;
  readonly fingerprint: string;
}

export interface NewTokenEntry extends TokenCertificateIdentity {
  readonly tokenLabel: string;
  readonly certificate: CertificateSummary;
  readonly name: string;
  readonly holder: string;
  readonly purpose: SigningPurpose;
  readonly note: string;
}

export interface NewHandover {
  readonly givenBy: string;
  readonly receivedBy: string;
  /** Calendar day in Vietnam. */
  readonly date: string;
  readonly note: string;
}

/**
 * Sổ theo dõi thiết bị lưu khóa bí mật and certificates of the office, with the minutes of their handovers. Lines are
 * retired, never deleted; every change stands in the audit log.
 */
export class TokenRegister {
  readonly #database: Database;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(database: Database, audit: AuditLog, clock: Clock) {
    this.#database = database;
    this.#audit = audit;
    this.#clock = clock;
  }

  /** Soonest end first; retired ones last. `expiringWithinDays` leaves out what ends later. */
  list(options: { expiringWithinDays?: number | undefined; retired: 'leave-out' | 'include' }): TokenEntry[] {
    const until =
      options.expiringWithinDays === undefined
        ? '9999'
        : new Date(this.#clock.now().getTime() + options.expiringWithinDays * dayMs).toISOString();
    return this.#database
      .all(
        entryRowSchema,
        `SELECT ${entryColumns} FROM token_certificate
         WHERE not_after <= @until AND (retired_at IS NULL OR @retired = 'include')
         ORDER BY retired_at IS NOT NULL, not_after, name, id`,
        { until, retired: options.retired },
      )
      .map((row) => this.#view(row));
  }

  /** Fails with `general.not-found`. */
  get(id: string): TokenEntry {
    return this.#view(this.#row(id));
  }

  /** The line in force of exactly this key and certificate. */
  find(identity: TokenCertificateIdentity): TokenEntry | undefined {
    const row = this.#database.get(
      entryRowSchema,
      `SELECT ${entryColumns} FROM token_certificate
       WHERE retired_at IS NULL AND manufacturer = @manufacturer AND serial = @serial AND key_id = @keyId AND fingerprint = @fingerprint`,
      pick(identity),
    );
    return row && this.#view(row);
  }

  /** The purpose that the office wrote down for a certificate, wherever its key lies; undefined when none or not one. */
  purposeOf(fingerprint: string): SigningPurpose | undefined {
    const [first, ...others] = this.#database.all(
      z.object({ purpose: z.enum(['agency', 'person']) }),
      'SELECT DISTINCT purpose FROM token_certificate WHERE retired_at IS NULL AND fingerprint = @fingerprint',
      { fingerprint },
    );
    return others.length === 0 ? first?.purpose : undefined;
  }

  /** Enters a certificate. Fails with `token-register.already-entered`. */
  add(entry: NewTokenEntry, actor: string): TokenEntry {
    return this.#database.transaction(() => {
      const known = this.find(entry);
      if (known) throw new AnThuError('token-register.already-entered', { name: known.name });
      const now = this.#clock.now();
      const id = newId(now);
      const { certificate } = entry;
      this.#database.run(
        `INSERT INTO token_certificate (${entryColumns}, certificate)
         VALUES (@id, @kind, @manufacturer, @serial, @keyId, @fingerprint, @tokenLabel, @subject, @organization, @issuer, @certificateSerial,
           @notBefore, @notAfter, @name, @holder, @purpose, @note, @now, NULL, NULL, @certificate)`,
        {
          id,
          kind: entry.kind,
          ...pick(entry),
          tokenLabel: entry.tokenLabel,
          subject: certificate.commonName,
          organization: certificate.organization,
          issuer: certificate.issuer,
          certificateSerial: certificate.serial,
          notBefore: new Date(certificate.notBefore).toISOString(),
          notAfter: new Date(certificate.notAfter).toISOString(),
          name: entry.name,
          holder: entry.holder,
          purpose: entry.purpose,
          note: entry.note,
          now: now.toISOString(),
          certificate: Buffer.from(certificate.der, 'base64'),
        },
      );
      const { fingerprint, serial, keyId, name, holder, purpose } = entry;
      this.#tell(actor, 'token-register.entered', id, { name, holder, purpose, fingerprint, serial, keyId });
      return this.get(id);
    });
  }

  /** Changes name, purpose or note; earlier values go to the audit log. Fails with `token-register.retired`. */
  change(
    id: string,
    patch: { name?: string | undefined; purpose?: SigningPurpose | undefined; note?: string | undefined },
    reason: string,
    actor: string,
  ): TokenEntry {
    return this.#database.transaction(() => {
      const before = this.#inForce(id);
      const after = {
        name: patch.name ?? before.name,
        purpose: patch.purpose ?? before.purpose,
        note: patch.note ?? before.note,
      };
      this.#database.run(
        'UPDATE token_certificate SET name = @name, purpose = @purpose, note = @note WHERE id = @id',
        { id, ...after },
      );
      const { name, purpose, note } = before;
      this.#tell(actor, 'token-register.changed', id, { reason, before: { name, purpose, note }, after });
      return this.get(id);
    });
  }

  /**
   * Writes a line of the handover minutes and makes the receiver the holder. Fails with `token-register.retired`,
   * `token-register.bad-handover` for a day that has not come.
   */
  handOver(id: string, handover: NewHandover, actor: string): TokenEntry {
    return this.#database.transaction(() => {
      const entry = this.#inForce(id);
      const now = this.#clock.now();
      if (handover.date > vietnamDate(now))
        throw new AnThuError('token-register.bad-handover', { date: handover.date });
      const number = this.#database.insert(
        `INSERT INTO token_handover (id, certificate_id, handed_over_on, given_by, received_by, note, recorded_at, recorded_by)
         VALUES (@handoverId, @id, @date, @givenBy, @receivedBy, @note, @now, @actor)`,
        { handoverId: newId(now), id, ...handover, now: now.toISOString(), actor },
      );
      this.#database.run('UPDATE token_certificate SET holder = @holder WHERE id = @id', {
        id,
        holder: handover.receivedBy,
      });
      this.#tell(actor, 'token-register.handed-over', id, { number, name: entry.name, ...handover });
      return this.get(id);
    });
  }

  /** Takes a line out of use: returned, revoked, lost. Fails with `token-register.retired`. */
  retire(id: string, reason: string, actor: string): TokenEntry {
    return this.#database.transaction(() => {
      const { name } = this.#inForce(id);
      this.#database.run(
        'UPDATE token_certificate SET retired_at = @at, retired_reason = @reason WHERE id = @id',
        { id, at: this.#clock.now().toISOString(), reason },
      );
      this.#tell(actor, 'token-register.retired', id, { name, reason });
      return this.get(id);
    });
  }

  #row(id: string): EntryRow {
    const row = this.#database.get(
      entryRowSchema,
      `SELECT ${entryColumns} FROM token_certificate WHERE id = @id`,
      { id },
    );
    if (!row) throw new AnThuError('general.not-found', { what: id });
    return row;
  }

  #inForce(id: string): EntryRow {
    const row = this.#row(id);
    if (row.retired_at !== null)
      throw new AnThuError('token-register.retired', { name: row.name, reason: row.retired_reason ?? '' });
    return row;
  }

  #view(row: EntryRow): TokenEntry {
    const handovers = this.#database
      .all(
        handoverRowSchema,
        'SELECT * FROM token_handover WHERE certificate_id = @id ORDER BY handed_over_on, number',
        { id: row.id },
      )
      .map(toHandover);
    const left = Date.parse(row.not_after) - this.#clock.now().getTime();
    return toEntry(row, handovers, Math.floor(left / dayMs));
  }

  #tell(actor: string, action: string, subject: string, data: Record<string, unknown>): void {
    this.#audit.append({ actor, action, subject, data });
  }
}

function pick({ manufacturer, serial, keyId, fingerprint }: TokenCertificateIdentity) {
  return { manufacturer, serial, keyId, fingerprint };
}
