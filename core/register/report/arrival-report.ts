import type { ArrivalReport } from '../../contract/register-book.ts';
import type { Arrival } from '../../contract/register.ts';
import { vietnamDate } from '../../shared/clock.ts';

/** An entry with what its documents' signatures were last found to be. */
export interface ReportedEntry {
  readonly arrival: Arrival;
  readonly verdict: keyof ArrivalReport['signatures'];
}

type Heads = Pick<ArrivalReport, 'agency' | 'register' | 'year' | 'quarter' | 'from' | 'to' | 'complete'> & {
  /** Numbers of the year whose entries are lost. */
  readonly lostNumbers: number;
};

/** What such a report is asked for and this register cannot tell; a 0 would be a lie. */
const notRecorded = [
  'Kết quả giải quyết (đúng hạn, quá hạn, chưa xong): sổ chỉ ghi thời hạn, không ghi ngày giải quyết xong',
  'Ngày nghỉ lễ: ngày làm việc tiếp theo chỉ trừ thứ Bảy, Chủ nhật',
  'Văn bản đi: phần mềm chưa có sổ đăng ký văn bản đi',
  'Văn bản mật: đăng ký ở sổ riêng, ngoài phần mềm',
  'Số trang, số tờ và bản giấy kèm văn bản điện tử',
];

/** Counts the entries of a period one after another. */
export class ArrivalCount {
  readonly #heads: Heads;
  readonly #madeAt: Date;
  readonly #types = new Map<string, number>();
  readonly #report: Pick<
    ArrivalReport,
    'numbers' | 'byOrigin' | 'byUrgency' | 'registered' | 'transfer' | 'digitized' | 'signatures' | 'delivery'
  > = {
    numbers: { given: 0, voided: 0, lateEntries: 0, lost: 0 },
    byOrigin: { paper: 0, electronic: 0 },
    byUrgency: { thuong: 0, khan: 0, 'thuong-khan': 0, 'hoa-toc': 0 },
    registered: { sameDay: 0, nextWorkingDay: 0, later: 0 },
    transfer: { transferred: 0, receiptSigned: 0, notTransferred: 0 },
    digitized: { signed: 0, waiting: 0, belowLevel: 0, withoutScan: 0 },
    signatures: { valid: 0, invalid: 0, indeterminate: 0, unsigned: 0, unchecked: 0 },
    delivery: { acknowledged: 0, waiting: 0, blocked: 0, nothingToSend: 0 },
  };
  #withDueDate = 0;
  #dueByNow = 0;

  constructor(heads: Heads, madeAt: Date) {
    this.#heads = heads;
    this.#madeAt = madeAt;
  }

  add({ arrival, verdict }: ReportedEntry): void {
    const { numbers, byOrigin, byUrgency, registered, transfer, signatures, delivery } = this.#report;
    numbers.given++;
    if (arrival.suffix !== '') numbers.lateEntries++;
    if (arrival.voidedAt !== null) {
      numbers.voided++;
      return;
    }
    byOrigin[arrival.origin]++;
    byUrgency[arrival.urgency]++;
    this.#types.set(arrival.typeName, (this.#types.get(arrival.typeName) ?? 0) + 1);
    registered[registeredWhen(arrival)]++;
    transfer[arrival.transferDate === null ? 'notTransferred' : 'transferred']++;
    if (arrival.receivedBy !== '') transfer.receiptSigned++;
    if (arrival.dueDate !== null) {
      this.#withDueDate++;
      if (arrival.dueDate <= this.#lastDay) this.#dueByNow++;
    }
    if (arrival.origin === 'paper') this.#addDigitized(arrival);
    else signatures[verdict]++;
    delivery[deliveryOf[arrival.delivery]]++;
  }

  report(): ArrivalReport {
    const { lostNumbers, ...heads } = this.#heads;
    const lost = heads.quarter !== null && lostNumbers > 0 ? null : lostNumbers;
    const numbers = { ...this.#report.numbers, lost };
    const byType = [...this.#types]
      .map(([typeName, count]) => ({ typeName, count }))
      .sort((a, b) => b.count - a.count || a.typeName.localeCompare(b.typeName, 'vi'));
    return {
      ...heads,
      ...this.#report,
      numbers,
      madeAt: this.#madeAt.toISOString(),
      documents: numbers.given - numbers.voided,
      byType,
      handling: {
        withDueDate: this.#withDueDate,
        dueByNow: this.#dueByNow,
        inTime: null,
        late: null,
        unfinished: null,
      },
      notRecorded: [...notRecorded],
    };
  }

  #addDigitized({ documentState, levelPending }: Arrival): void {
    const { digitized } = this.#report;
    if (documentState === 'sealed') digitized.signed++;
    else if (documentState === 'signing') digitized.waiting++;
    else digitized.withoutScan++;
    if (documentState === 'sealed' && levelPending) digitized.belowLevel++;
  }

  /** The day by which a due date has come. */
  get #lastDay(): string {
    const today = vietnamDate(this.#madeAt);
    return today < this.#heads.to ? today : this.#heads.to;
  }
}

const deliveryOf = {
  acked: 'acknowledged',
  pending: 'waiting',
  sending: 'waiting',
  blocked: 'blocked',
  none: 'nothingToSend',
} as const;

/** Same day, at latest the next working day (Nghị định 30/2020 Đ4.2c as told in domain/vietnam.md §1.1). */
function registeredWhen({ arrivalDate, registeredAt }: Arrival): keyof ArrivalReport['registered'] {
  const day = vietnamDate(new Date(registeredAt));
  if (day <= arrivalDate) return 'sameDay';
  return day <= nextWorkingDay(arrivalDate) ? 'nextWorkingDay' : 'later';
}

const DAY_MS = 86_400_000;

/** The next day that is neither Saturday nor Sunday, `yyyy-MM-dd`. */
export function nextWorkingDay(date: string): string {
  let day = Date.parse(`${date}T00:00:00Z`) + DAY_MS;
  while ([0, 6].includes(new Date(day).getUTCDay())) day += DAY_MS;
  return new Date(day).toISOString().slice(0, 10);
}

/** First and last day of a year or of one of its quarters. */
export function periodOf(year: number, quarter?: number): { readonly from: string; readonly to: string } {
  const years = String(year).padStart(4, '0');
  if (quarter === undefined) return { from: `${years}-01-01`, to: `${years}-12-31` };
  const [first, last] = [quarter * 3 - 2, quarter * 3].map((month) => String(month).padStart(2, '0'));
  return { from: `${years}-${first}-01`, to: `${years}-${last}-${quarter === 1 || quarter === 4 ? 31 : 30}` };
}
