import { reason } from '../shared/reasons.ts';
import { z } from 'zod';
import type { AuditLog } from '../audit/audit-log.ts';
import type { ArrivalFields } from '../contract/intake.ts';
import type { Arrival } from '../contract/register.ts';
import { type Clock, shownDate, vietnamDate } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Database, SqlParameters } from '../store/database.ts';
import { arrivalRowSchema, arrivalSelect, toArrival } from './arrival-row.ts';
import { duplicateKey } from './duplicate-key.ts';
import { type ListQuery, listArrivals, registerOrdinal, yearsOf } from './list-arrivals.ts';
import { placeOf } from './place.ts';
import { isOpenInGap, lastNumber } from './number-gaps.ts';
import { indexArrival } from './search-index.ts';

export interface NewArrival {
  readonly registerId: string;
  readonly documentId: string;
  readonly origin: 'paper' | 'electronic';
  readonly fields: ArrivalFields;
  /** Calendar day of arrival in Vietnam; today when left out. */
  readonly arrivalDate?: string | undefined;
  /** Enters the document under a number already given, with a số phụ (a, b, c …). */
  readonly lateAfter?: { year: number; number: number } | undefined;
  /** Enters the document under the number it bore in a register that was lost; one of a gap (number-gaps.ts). */
  readonly lostNumber?: { year: number; number: number } | undefined;
  readonly duplicateAccepted: boolean;
}

interface GivenNumber {
  readonly year: number;
  readonly number: number;
  readonly suffix: string;
  /** 0 for the number itself, then 1, 2 … for its late entries. */
  readonly late: number;
}

/**
 * Sổ đăng ký văn bản đến: one series of numbers a year for paper and electronic arrivals together, given in
 * order inside one transaction and never reused (Nghị định 30/2020 Đ22 as told in domain/vietnam.md §1.6).
 */
export class ArrivalRegister {
  readonly #database: Database;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(database: Database, audit: AuditLog, clock: Clock) {
    this.#database = database;
    this.#audit = audit;
    this.#clock = clock;
  }

  /**
   * Gives the next số đến of the day's year (or a số phụ) and enters the row. Call inside the transaction that
   * makes the document. Fails with `register.duplicate`, `register.future-date`, `register.clock-behind`,
   * `register.no-such-number`, `register.no-lost-number`.
   */
  enter(arrival: NewArrival, actor: string): Arrival {
    return this.#database.transaction(() => {
      const now = this.#clock.now();
      const arrivalDate = arrival.arrivalDate ?? this.#today(arrival.registerId, now);
      if (arrivalDate > vietnamDate(now)) throw new AnThuError('register.future-date', { date: arrivalDate });
      if (!arrival.duplicateAccepted) this.#refuseDuplicate(arrival.fields);
      const place = this.#numberFor(arrival, Number(arrivalDate.slice(0, 4)));
      const id = newId(now);
      const { fields } = arrival;
      const { late, ...shown } = place;
      const seq = placeOf({
        register: registerOrdinal(this.#database, arrival.registerId),
        year: place.year,
        number: place.number,
        late,
      });
      this.#database.run(
        `INSERT INTO arrival (seq, id, register_id, year, number, suffix, arrival_date, issuer, doc_number, doc_notation, doc_date,
           type_name, subject, receiver, note, urgency, due_date, signer_name, origin, registered_at, document_id, duplicate_key)
         VALUES (@seq, @id, @registerId, @year, @number, @suffix, @arrivalDate, @issuer, @docNumber, @docNotation, @docDate,
           @typeName, @subject, @receiver, @note, @urgency, @dueDate, @signerName, @origin, @registeredAt, @documentId, @key)`,
        {
          seq,
          id,
          registerId: arrival.registerId,
          ...shown,
          arrivalDate,
          ...textFields(fields),
          origin: arrival.origin,
          registeredAt: now.toISOString(),
          documentId: arrival.documentId,
          key: duplicateKey(fields),
        },
      );
      indexArrival(this.#database, seq, { ...fields, ...shown });
      this.#audit.append({
        actor,
        action: 'register.entered',
        subject: arrival.documentId,
        data: { arrivalId: id, ...shown, arrivalDate, fields, duplicateAccepted: arrival.duplicateAccepted },
      });
      return this.get(id);
    });
  }

  /** Keeps the number and the reason (domain/vietnam.md §1.6). */
  void(id: string, reason: string, actor: string): Arrival {
    return this.#database.transaction(() => {
      const arrival = this.get(id);
      if (arrival.voidedAt) throw new AnThuError('register.already-voided', { number: arrival.number });
      this.#database.run('UPDATE arrival SET voided_at = @at, void_reason = @reason WHERE id = @id', {
        id,
        at: this.#clock.now().toISOString(),
        reason,
      });
      this.#audit.append({
        actor,
        action: 'register.voided',
        subject: arrival.documentId,
        data: { arrivalId: id, year: arrival.year, number: arrival.number, suffix: arrival.suffix, reason },
      });
      return this.get(id);
    });
  }

  /** Changes described fields; earlier values go to the audit log. */
  correct(id: string, patch: Partial<ArrivalFields>, reason: string, actor: string): Arrival {
    return this.#database.transaction(() => {
      const before = this.get(id);
      const fields: ArrivalFields = { ...pickFields(before), ...patch };
      this.#database.run(
        `UPDATE arrival SET issuer = @issuer, doc_number = @docNumber, doc_notation = @docNotation, doc_date = @docDate,
           type_name = @typeName, subject = @subject, receiver = @receiver, note = @note, urgency = @urgency,
           due_date = @dueDate, signer_name = @signerName, duplicate_key = @key WHERE id = @id`,
        { id, ...textFields(fields), key: duplicateKey(fields) },
      );
      indexArrival(this.#database, this.#row(id).seq, {
        ...fields,
        number: before.number,
        suffix: before.suffix,
      });
      this.#audit.append({
        actor,
        action: 'register.corrected',
        subject: before.documentId,
        data: { arrivalId: id, reason, before: changedFields(pickFields(before), fields), after: patch },
      });
      return this.get(id);
    });
  }

  /** Đơn vị hoặc người nhận, ngày chuyển, ký nhận (columns 7 to 9). */
  transfer(
    id: string,
    to: { receiver: string; transferDate: string; receivedBy: string },
    actor: string,
  ): Arrival {
    return this.#database.transaction(() => {
      this.#database.run(
        'UPDATE arrival SET receiver = @receiver, transfer_date = @transferDate, received_by = @receivedBy WHERE id = @id',
        { id, ...to },
      );
      const arrival = this.get(id);
      indexArrival(this.#database, this.#row(id).seq, arrival);
      this.#audit.append({
        actor,
        action: 'register.transferred',
        subject: arrival.documentId,
        data: { arrivalId: id, ...to },
      });
      return arrival;
    });
  }

  get(id: string): Arrival {
    return toArrival(this.#row(id));
  }

  forDocument(documentId: string): Arrival | null {
    const row = this.#database.get(arrivalRowSchema, `${arrivalSelect} WHERE a.document_id = @documentId`, {
      documentId,
    });
    return row ? toArrival(row) : null;
  }

  /**
   * Entries that may be the same document: same number, notation and issuer, not voided. Numbers start again each
   * year, so documents dated in different years are two.
   */
  duplicates(fields: {
    docNumber: string;
    docNotation: string;
    issuer: string;
    docDate: string | null;
  }): Arrival[] {
    const key = duplicateKey(fields);
    if (key === '') return [];
    return this.#database
      .all(
        arrivalRowSchema,
        `${arrivalSelect} WHERE a.duplicate_key = @key AND a.voided_at IS NULL
           AND (@year IS NULL OR a.doc_date IS NULL OR substr(a.doc_date, 1, 4) = @year)
         ORDER BY a.seq LIMIT 10`,
        { key, year: fields.docDate?.slice(0, 4) ?? null },
      )
      .map(toArrival);
  }

  list(query: ListQuery): { rows: Arrival[]; total: number } {
    return listArrivals(this.#database, query);
  }

  /** Years with entries, newest first. */
  years(registerId: string): number[] {
    return yearsOf(this.#database, registerId).map(({ year }) => year);
  }

  #row(id: string) {
    const row = this.#database.get(arrivalRowSchema, `${arrivalSelect} WHERE a.id = @id`, { id });
    if (!row) throw new AnThuError('general.not-found', { what: reason('thing.arrival', id) });
    return row;
  }

  /**
   * Today, which no clock that was set back (an empty battery, another year) makes the day of a legal entry by itself: numbers of a
   * wrong year cannot be taken back. Fails with `register.clock-behind`.
   */
  #today(registerId: string, now: Date): string {
    const today = vietnamDate(now);
    const last = this.#database.get(
      z.object({ day: z.string().nullable() }),
      'SELECT max(arrival_date) AS day FROM arrival WHERE register_id = @registerId',
      { registerId },
    )?.day;
    if (last && today < last)
      throw new AnThuError('register.clock-behind', { today: shownDate(today), last: shownDate(last) });
    return today;
  }

  #refuseDuplicate(fields: ArrivalFields): void {
    const [first] = this.duplicates(fields);
    if (first) {
      throw new AnThuError('register.duplicate', {
        number: `${first.number}${first.suffix}`,
        date: shownDate(first.arrivalDate),
        arrivalId: first.id,
      });
    }
  }

  #numberFor({ registerId, lateAfter, lostNumber }: NewArrival, year: number): GivenNumber {
    if (lateAfter) return this.#lateNumber(registerId, lateAfter);
    if (!lostNumber)
      return { year, number: lastNumber(this.#database, registerId, year) + 1, suffix: '', late: 0 };
    if (lostNumber.year !== year || !isOpenInGap(this.#database, registerId, lostNumber))
      throw new AnThuError('register.no-lost-number', lostNumber);
    return { ...lostNumber, suffix: '', late: 0 };
  }

  #lateNumber(registerId: string, after: { year: number; number: number }): GivenNumber {
    const suffixes = this.#database.all(
      z.object({ suffix: z.string() }),
      'SELECT suffix FROM arrival WHERE register_id = @registerId AND year = @year AND number = @number',
      { registerId, ...after },
    );
    if (suffixes.length === 0) throw new AnThuError('register.no-such-number', after);
    return { ...after, suffix: lateSuffix(suffixes.length - 1), late: suffixes.length };
  }
}

/** a … z, then aa, ab …: the nth số phụ of a number. */
export function lateSuffix(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : lateSuffix(Math.floor(index / 26) - 1) + letter;
}

function textFields(fields: ArrivalFields): SqlParameters {
  return {
    issuer: fields.issuer.normalize('NFC'),
    docNumber: fields.docNumber.normalize('NFC'),
    docNotation: fields.docNotation.normalize('NFC'),
    docDate: fields.docDate,
    typeName: fields.typeName.normalize('NFC'),
    subject: fields.subject.normalize('NFC'),
    receiver: fields.receiver.normalize('NFC'),
    note: fields.note.normalize('NFC'),
    urgency: fields.urgency,
    dueDate: fields.dueDate,
    signerName: fields.signerName.normalize('NFC'),
  };
}

function pickFields(arrival: Arrival): ArrivalFields {
  const {
    issuer,
    docNumber,
    docNotation,
    docDate,
    typeName,
    subject,
    receiver,
    note,
    urgency,
    dueDate,
    signerName,
  } = arrival;
  return {
    issuer,
    docNumber,
    docNotation,
    docDate,
    typeName,
    subject,
    receiver,
    note,
    urgency,
    dueDate,
    signerName,
  };
}

function changedFields(before: ArrivalFields, after: ArrivalFields): Partial<ArrivalFields> {
  return Object.fromEntries(
    Object.entries(before).filter(([key, value]) => after[key as keyof ArrivalFields] !== value),
  ) as Partial<ArrivalFields>;
}
