import { vietnamIso } from '../../shared/clock.ts';
import { type BookEntry, shownNotation } from './book-entry.ts';
import { correctedWords } from './change-list.ts';
import { urgencyWords } from './field-words.ts';

type CsvColumn = readonly [head: string, value: (entry: BookEntry) => string | number | null];

const instant = (value: string | null): string => (value === null ? '' : vietnamIso(new Date(value)));

const originWords = { paper: 'Giấy', electronic: 'Điện tử' } as const;
const stateWords = { registered: 'Đã vào sổ', signing: 'Chờ ký số', sealed: 'Đã lưu bản ký' } as const;
const deliveryWords = {
  none: 'Không có gì phải gửi',
  pending: 'Chờ gửi',
  sending: 'Đang gửi',
  acked: 'Đã gửi, có biên nhận',
  blocked: 'Lỗi, cần xem',
} as const;

/** The ten columns of the form first, in its order (domain/vietnam.md §1.5), then all else that the register holds. */
const columns: readonly CsvColumn[] = [
  ['Ngày đến', ({ arrival }) => arrival.arrivalDate],
  ['Số đến', ({ arrival }) => arrival.number],
  ['Tác giả', ({ arrival }) => arrival.issuer],
  ['Số, ký hiệu văn bản', ({ arrival }) => shownNotation(arrival)],
  ['Ngày tháng văn bản', ({ arrival }) => arrival.docDate],
  ['Trích yếu nội dung', ({ arrival }) => arrival.subject],
  ['Đơn vị hoặc người nhận', ({ arrival }) => arrival.receiver],
  ['Ngày chuyển', ({ arrival }) => arrival.transferDate],
  ['Ký nhận', ({ arrival }) => arrival.receivedBy],
  ['Ghi chú', ({ arrival }) => arrival.note],
  ['Năm', ({ arrival }) => arrival.year],
  ['Số phụ', ({ arrival }) => arrival.suffix],
  ['Tên loại', ({ arrival }) => arrival.typeName],
  ['Số văn bản', ({ arrival }) => arrival.docNumber],
  ['Ký hiệu', ({ arrival }) => arrival.docNotation],
  ['Người ký', ({ arrival }) => arrival.signerName],
  ['Độ khẩn', ({ arrival }) => urgencyWords[arrival.urgency]],
  ['Thời hạn giải quyết', ({ arrival }) => arrival.dueDate],
  ['Hình thức nhận', ({ arrival }) => originWords[arrival.origin]],
  ['Vào sổ lúc', ({ arrival }) => instant(arrival.registeredAt)],
  ['Hủy số lúc', ({ arrival }) => instant(arrival.voidedAt)],
  ['Lý do hủy', ({ arrival }) => arrival.voidReason],
  ['Đã sửa', ({ changes }) => changes.flatMap(correctedWords).join('; ')],
  ['Trạng thái', ({ arrival }) => stateWords[arrival.documentState]],
  ['Chờ dấu thời gian hoặc dữ liệu thu hồi', ({ arrival }) => (arrival.levelPending ? 'Có' : 'Không')],
  ['Gửi hệ thống của tỉnh', ({ arrival }) => deliveryWords[arrival.delivery]],
  ['Mã mục', ({ arrival }) => arrival.id],
  ['Mã văn bản', ({ arrival }) => arrival.documentId],
];

/** How the cells of a line are kept apart. Some spreadsheets expect what their country writes between numbers. */
const separators = { comma: ',', semicolon: ';' } as const;
export type Separator = keyof typeof separators;

/** UTF-8 mark, without which spreadsheets take the file for one of the old code pages, and the heads. */
export function csvHead(separator: Separator): string {
  return `\ufeff${csvLine(
    columns.map(([head]) => head),
    separator,
  )}`;
}

export function csvEntry(entry: BookEntry, separator: Separator): string {
  return csvLine(
    columns.map(([, value]) => value(entry)),
    separator,
  );
}

function csvLine(values: readonly (string | number | null)[], separator: Separator): string {
  return `${values.map(csvCell).join(separators[separator])}\r\n`;
}

/** What a spreadsheet takes for the beginning of a formula, also in its full-width forms and after blanks. */
const formula = /^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;
/** The same inside a text: a spreadsheet that cuts at the other separator would begin a cell there, and take a quote for its opening. */
const innerFormula = /([,;\t\r\n][\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

/**
 * One cell after RFC 4180. Where a spreadsheet could run a text as a formula, an apostrophe stands in front: what senders write
 * must not reach into the clerk's machine.
 */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = (formula.test(value) ? `'${value}` : value).replaceAll(innerFormula, "$1'");
  return /[",;\t\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
