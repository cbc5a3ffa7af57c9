import { numberText } from '../../pdf/serialize.ts';
import { shownDate, vietnamDate } from '../../shared/clock.ts';
import { POINTS_PER_MM } from '../placement/page-geometry.ts';
import { wrapText, type MeasureText } from './block-layout.ts';
import { calibratedRgb } from './calibrated-rgb.ts';
import type { FormContent } from './form-import.ts';
import type { ArrivalStamp } from './look-schema.ts';
import { subsetFontFor, type SubsetFont } from './subset-font.ts';

/** Size of the stamp ĐẾN in millimetres (domain/vietnam.md §1.4). */
export const arrivalStampMm = { w: 50, h: 35 } as const;

/** Heights of the rows from the top, and the width of the cell ĐẾN; millimetres (OUR: the decree gives a drawing). */
const rows = { agency: 9, arrival: 12.5, forward: 7, file: 6.5 } as const;
const arrivalCell = 16;
const frame = 0.5;
const inset = 1.6;

/** Red as from a stamp pad: the decree names no colour, offices use red, and a reader of the black text sees through it. */
const inks = { red: '/Cs1 CS /Cs1 cs\n0.8 0.05 0.1 SC\n0.8 0.05 0.1 sc\n', black: '0 G\n0 g\n' } as const;

type Cell = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

interface Pen {
  readonly regular: SubsetFont;
  readonly bold: SubsetFont;
  readonly out: string[];
}

/**
 * The stamp ĐẾN with its number and date filled in and dots where something is still to be written. A missing date is
 * the day of `signingTime`. Throws `signing.text-not-drawable`.
 */
export async function arrivalStampForm(stamp: ArrivalStamp, signingTime: Date): Promise<FormContent> {
  const agency = stamp.agencyName.normalize('NFC').toLocaleUpperCase('vi');
  const date = shownDate(stamp.date ?? vietnamDate(signingTime));
  const written = {
    number: `Số: ${stamp.number ?? ''}`,
    date: `Ngày: ${date}`,
    forward: `Chuyển: ${stamp.forwardTo ?? ''}`,
    file: `Số và ký hiệu HS: ${stamp.fileNotation ?? ''}`,
  };
  const pen: Pen = {
    regular: await subsetFontFor(`${Object.values(written).join('').normalize('NFC')}.0123456789/`),
    bold: await subsetFontFor(`${agency}ĐẾN `, 'bold'),
    out: [],
  };
  const { w, h } = arrivalStampMm;
  const underAgency = h - rows.agency;
  const underArrival = underAgency - rows.arrival;
  const underForward = underArrival - rows.forward;
  drawFrame(pen, [underAgency, underArrival, underForward], { from: underArrival, to: underAgency });
  drawAgency(pen, agency, { x: 0, y: underAgency, w, h: rows.agency });
  drawWord(pen, 'ĐẾN', { x: 0, y: underArrival, w: arrivalCell, h: rows.arrival });
  const half = rows.arrival / 2;
  const right = { x: arrivalCell, w: w - arrivalCell, h: half };
  drawField(pen, written.number, { ...right, y: underArrival + half });
  drawField(pen, written.date, { ...right, y: underArrival });
  drawField(pen, written.forward, { x: 0, y: underForward, w, h: rows.forward });
  drawField(pen, written.file, { x: 0, y: 0, w, h: rows.file });
  const ink = stamp.ink ?? 'red';
  return {
    width: w * POINTS_PER_MM,
    height: h * POINTS_PER_MM,
    content: `${inks[ink]}${pen.out.join('\n')}\n`,
    fonts: { F1: pen.regular, F2: pen.bold },
    colourSpaces: ink === 'red' ? { Cs1: calibratedRgb() } : {},
  };
}

/** The frame, a rule at each height, and the rule right of the cell ĐẾN. */
function drawFrame({ out }: Pen, rules: readonly number[], cell: { from: number; to: number }): void {
  const { w, h } = arrivalStampMm;
  const edge = frame / 2;
  out.push(`${points(frame)} w`);
  out.push(`${points(edge)} ${points(edge)} ${points(w - frame)} ${points(h - frame)} re S`);
  out.push(`${points(frame * 0.6)} w`);
  for (const y of rules) out.push(`0 ${points(y)} m ${points(w)} ${points(y)} l S`);
  out.push(`${points(arrivalCell)} ${points(cell.from)} m ${points(arrivalCell)} ${points(cell.to)} l S`);
}

/** The agency in bold capitals on one or two lines, as large as fits. */
function drawAgency(pen: Pen, agency: string, cell: Cell): void {
  const room = (cell.w - 2 * inset) * POINTS_PER_MM;
  const height = (cell.h - inset) * POINTS_PER_MM;
  for (let size = 9.5; ; size -= 0.5) {
    const lines = balanced(agency, room, (text) => pen.bold.measure(text, size));
    // Room for the marks over capitals.
    const leading = size * 1.2;
    const most = Math.min(Math.floor(height / leading), size > 6.5 ? 2 : 3);
    if (lines.length > most && size > 4) continue;
    const top = (cell.y + cell.h / 2) * POINTS_PER_MM + (lines.length * leading) / 2;
    lines.forEach((line, index) => {
      const x = cell.x * POINTS_PER_MM + (cell.w * POINTS_PER_MM - pen.bold.measure(line, size)) / 2;
      show(pen, 'F2', line, { x, y: top - (index + 1) * leading + size * 0.2, size });
    });
    return;
  }
}

/** Wraps a text so that its lines are about equally long. */
function balanced(text: string, room: number, measure: MeasureText): string[] {
  let lines = wrapText(text, room, measure);
  for (let narrower = room * 0.95; narrower > room / 3; narrower *= 0.95) {
    const next = wrapText(text, narrower, measure);
    if (next.length > lines.length) break;
    lines = next;
  }
  return lines;
}

function drawWord(pen: Pen, word: string, cell: Cell): void {
  const size = 17;
  const x = cell.x * POINTS_PER_MM + (cell.w * POINTS_PER_MM - pen.bold.measure(word, size)) / 2;
  show(pen, 'F2', word, { x, y: (cell.y + cell.h / 2) * POINTS_PER_MM - size * 0.34, size });
}

/** A label with what is filled in; dots run on to the cell's end when nothing is. */
function drawField(pen: Pen, text: string, cell: Cell): void {
  const room = (cell.w - 2 * inset) * POINTS_PER_MM;
  const composed = text.normalize('NFC').trim();
  let size = 10;
  while (size > 5 && pen.regular.measure(composed, size) > room) size -= 0.5;
  const dot = pen.regular.measure('.', size);
  const dots = composed.endsWith(':')
    ? ` ${'.'.repeat(Math.max(0, Math.floor((room - pen.regular.measure(`${composed} `, size)) / dot)))}`
    : '';
  const y = (cell.y + cell.h / 2) * POINTS_PER_MM - size * 0.3;
  show(pen, 'F1', composed + dots, { x: (cell.x + inset) * POINTS_PER_MM, y, size });
}

function show(
  pen: Pen,
  font: 'F1' | 'F2',
  text: string,
  at: { readonly x: number; readonly y: number; readonly size: number },
): void {
  const codes = (font === 'F1' ? pen.regular : pen.bold).encode(text);
  pen.out.push(`BT /${font} ${at.size} Tf ${thousandth(at.x)} ${thousandth(at.y)} Td <${codes}> Tj ET`);
}

function points(mm: number): string {
  return thousandth(mm * POINTS_PER_MM);
}

function thousandth(value: number): string {
  return numberText(Math.round(value * 1000) / 1000);
}
