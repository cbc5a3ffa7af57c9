import { shownDate, shownDay, shownMinute } from '../../shared/clock.ts';
import { PageContent } from '../../print/page-content.ts';
import { PrintedDocument } from '../../print/printed-document.ts';
import { type Cell, type Column, landscape, TableWriter } from '../../print/table-writer.ts';
import { type BookEntry, shownNotation, shownNumber } from './book-entry.ts';
import type { BookFacts, BookSummary } from './book-facts.ts';
import { changeColumns, changeRow, type NamedChange } from './change-list.ts';
import type { MissingNumbers } from './missing-numbers.ts';
import { remarks } from './remarks.ts';

interface PrintedBook {
  readonly bytes: Uint8Array;
  readonly pages: number;
}

/** The ten columns of PL IV, order and words kept (domain/vietnam.md §1.5); millimetres, 267 in all. */
const columns: readonly Column[] = [
  { head: 'Ngày đến', width: 20.5, align: 'centre' },
  { head: 'Số đến', width: 13, align: 'centre' },
  { head: 'Tác giả', width: 35, align: 'left' },
  { head: 'Số, ký hiệu\nvăn bản', width: 28, align: 'left' },
  { head: 'Ngày tháng văn bản', width: 20.5, align: 'centre' },
  { head: 'Tên loại và trích yếu nội dung', width: 60, align: 'left' },
  { head: 'Đơn vị hoặc người nhận', width: 25, align: 'left' },
  { head: 'Ngày chuyển', width: 20.5, align: 'centre' },
  { head: 'Ký nhận', width: 21, align: 'left' },
  { head: 'Ghi chú', width: 23.5, align: 'left' },
];

/** A receiver signs on paper in column 9. */
const LEAST_ROW_MM = 10;

const title = 'SỔ ĐĂNG KÝ VĂN BẢN ĐẾN';

/**
 * Sổ đăng ký văn bản đến as a PDF/A of A4 pages on their side: the cover, the ten columns of PL IV, a voided entry struck
 * through with its reason, and at the end a list of what was voided and corrected with the earlier words
 * (domain/vietnam.md §1.5, §1.6).
 */
export async function printArrivalBook(
  entries: AsyncIterable<BookEntry>,
  facts: BookFacts,
  summary: BookSummary,
): Promise<PrintedBook> {
  const document = await PrintedDocument.open({
    title: `Sổ đăng ký văn bản đến năm ${facts.year}, từ số ${summary.first} đến số ${summary.last}`,
    software: facts.software,
    madeAt: new Date(facts.printedAt),
  });
  document.addPage(landscape, cover(document, facts, summary));
  const running = [
    `Sổ đăng ký văn bản đến – Năm ${facts.year}${facts.demo ? ' – DỮ LIỆU MẪU' : ''}`,
    facts.agencyName,
  ] as const;
  const table = new TableWriter(document, { columns, running, leastRow: LEAST_ROW_MM, namedBy: 1 });
  const changes: NamedChange[] = [];
  const missing = [...facts.missing];
  const rowsOfMissing = (before: number): void => {
    for (let next = missing[0]; next && next.from < before; next = missing[0]) {
      table.row(missingCells(next));
      missing.shift();
    }
  };
  for await (const entry of entries) {
    rowsOfMissing(entry.arrival.number);
    table.row(cellsOf(entry));
    changes.push(...entry.changes.map((change) => ({ number: shownNumber(entry.arrival), change })));
  }
  rowsOfMissing(Number.POSITIVE_INFINITY);
  table.note(closing(facts, summary));
  table.end();
  if (changes.length > 0) {
    const list = new TableWriter(document, {
      columns: changeColumns,
      running: [`Danh sách mục đã hủy, đã sửa – ${running[0]}`, facts.agencyName],
      leastRow: 0,
      namedBy: 0,
    });
    for (const change of changes) list.row(changeRow(change));
    list.end();
  }
  document.numberPages({ right: landscape.width - landscape.right, y: landscape.bottom / 2, unnumbered: 1 });
  return { bytes: await document.save(), pages: document.pages };
}

function cellsOf({ arrival, changes }: BookEntry): Cell[] {
  const struck = arrival.voidedAt !== null;
  const cell = (text: string): Cell => ({ text, struck });
  const day = (date: string | null): Cell => cell(date === null ? '' : shownDate(date));
  return [
    day(arrival.arrivalDate),
    { text: shownNumber(arrival), style: 'bold' },
    cell(arrival.issuer),
    cell(shownNotation(arrival)),
    day(arrival.docDate),
    cell(`${arrival.typeName}: ${arrival.subject}`),
    cell(arrival.receiver),
    day(arrival.transferDate),
    cell(arrival.receivedBy),
    { text: remarks({ arrival, changes }) },
  ];
}

/** A number once given has its line in the book, also when its entry was lost with an older copy of the register. */
function missingCells({ from, to, reason }: MissingNumbers): Cell[] {
  const number = from === to ? String(from) : `${from}–${to}`;
  const texts = ['', '', '', '', 'Số đã cấp, nội dung đăng ký bị mất', '', '', '', reason];
  const [first, ...rest] = texts.map((text): Cell => ({ text }));
  return [first ?? { text: '' }, { text: number, style: 'bold' }, ...rest];
}

const dots = '…………';

function cover(document: PrintedDocument, facts: BookFacts, summary: BookSummary): PageContent {
  const { faces } = document;
  const content = new PageContent(faces);
  const centre = (text: string, y: number, style: 'regular' | 'bold', size: number): void => {
    const line = faces[style].drawable(text);
    // A long name is set smaller rather than over the edge.
    const room = landscape.width - 2 * landscape.left;
    const fitted = Math.min(size, (size * room) / faces[style].width(line, size));
    const x = (landscape.width - faces[style].width(line, fitted)) / 2;
    content.text(line, { x, y }, { style, size: Number(fitted.toFixed(2)) });
  };
  const caps = (text: string): string => text.toLocaleUpperCase('vi');
  centre(caps(facts.parentName), 510, 'regular', 14);
  centre(caps(facts.agencyName), 488, 'bold', 14);
  content.line({ x: landscape.width / 2 - 50, y: 480 }, { x: landscape.width / 2 + 50, y: 480 }, 0.75);
  centre(title, 350, 'bold', 28);
  centre(`Năm: ${facts.year}`, 312, 'bold', 16);
  centre(`(${facts.registerName})`, 288, 'regular', 13);
  centre(`Từ ngày ${shownDate(summary.firstDay)} đến ngày ${shownDate(summary.lastDay)}`, 215, 'regular', 14);
  centre(`Từ số ${summary.first} đến số ${summary.last}`, 193, 'regular', 14);
  centre(`Quyển số: ${facts.volume || dots}`, 110, 'regular', 14);
  if (facts.demo) centre('DỮ LIỆU MẪU ĐỂ DÙNG THỬ – KHÔNG PHẢI SỔ CỦA CƠ QUAN NÀO', 60, 'bold', 12);
  return content;
}

function closing(facts: BookFacts, { entries, voided, corrected, first, last }: BookSummary): string {
  const lists = voided + corrected > 0 ? ' (xem danh sách ở cuối sổ)' : '';
  const count = facts.missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const lost = count > 0 ? `; mất nội dung ${count} số` : '';
  return [
    `Sổ in ${entries} mục, từ số ${first} đến số ${last}; đã hủy ${voided} mục, đã sửa ${corrected} mục${lists}${lost}.`,
    'Văn bản mật đăng ký ở sổ riêng, không có trong sổ này.',
    `In lúc ${shownMinute(facts.printedAt)} ngày ${shownDay(facts.printedAt)}, người in: ${facts.printedBy}, bằng ${facts.software}.`,
  ].join('\n');
}
