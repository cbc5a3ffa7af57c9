import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '../../core/audit/audit-log.ts';
import type { ArrivalFields } from '../../core/contract/intake.ts';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { listRegisters, mainAgency } from '../../core/engine/context.ts';
import { Documents } from '../../core/documents/documents.ts';
import { ArrivalRegister, type NewArrival } from '../../core/register/arrival-register.ts';
import type { Clock } from '../../core/shared/clock.ts';
import { dataFolderAt, type DataFolder } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';

/** A clock that stands still until a test moves it. */
export class SetClock implements Clock {
  #now: number;

  constructor(start: string) {
    this.#now = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  monotonic(): number {
    return this.#now;
  }

  set(instant: string): void {
    this.#now = new Date(instant).getTime();
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** A clerk's office as far as its data folder goes: an agency with two registers, in a folder of its own. */
export class SampleOffice {
  readonly folder: DataFolder;
  readonly database: Database;
  readonly clock: SetClock;
  readonly audit: AuditLog;
  readonly register: ArrivalRegister;
  readonly documents: Documents;
  readonly agencyId: string;
  readonly arrivals: string;
  readonly secondRegister: string;

  static async open(now = '2026-03-02T01:00:00Z'): Promise<SampleOffice> {
    const clock = new SetClock(now);
    const folder = dataFolderAt(mkdtempSync(join(tmpdir(), 'an-thu-office-')));
    await setUpAgency(
      folder.root,
      {
        agency: { name: 'UBND xã Hòa Thịnh', organId: 'H99.33', place: 'Hòa Thịnh', demo: true },
        registers: [{ name: 'Sổ văn bản đến' }, { name: 'Sổ thứ hai' }],
      },
      clock,
    );
    return new SampleOffice(folder, clock);
  }

  private constructor(folder: DataFolder, clock: SetClock) {
    this.folder = folder;
    this.clock = clock;
    this.database = Database.open(folder.database);
    this.audit = new AuditLog(this.database, clock);
    this.register = new ArrivalRegister(this.database, this.audit, clock);
    this.documents = new Documents(this.database, clock);
    this.agencyId = mainAgency(this.database).id;
    const [first, second] = listRegisters(this.database);
    this.arrivals = first?.id ?? '';
    this.secondRegister = second?.id ?? '';
  }

  /** Enters one letter; without a number of its own it is nobody's duplicate. */
  enter(fields: Partial<ArrivalFields> = {}, more: Partial<NewArrival> = {}) {
    const documentId = this.documents.create(this.agencyId, 'registered');
    return this.register.enter(
      {
        registerId: this.arrivals,
        documentId,
        origin: 'paper',
        fields: letter(fields),
        duplicateAccepted: false,
        ...more,
      },
      'chị Lan',
    );
  }

  close(): void {
    this.database.close();
    rmSync(this.folder.root, { recursive: true, force: true });
  }
}

/** Fields of a plain letter without a number. */
export function letter(fields: Partial<ArrivalFields> = {}): ArrivalFields {
  return {
    issuer: 'Sở Nội vụ tỉnh An Lạc',
    docNumber: '',
    docNotation: '',
    docDate: '2026-02-27',
    typeName: 'Công văn',
    subject: 'V/v báo cáo công tác văn thư quý I',
    receiver: '',
    note: '',
    urgency: 'thuong',
    dueDate: null,
    signerName: 'Nguyễn Văn A',
    ...fields,
  };
}
