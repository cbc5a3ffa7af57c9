import type { Letter, Paragraph } from './letter.ts';
import { dateInWords } from './letters.ts';
import { boxedMark, roundStamp, signature } from './marks.ts';
import { between, type Random } from './prng.ts';
import { A4, Sheet, type TextStyle } from './sheet.ts';

const left = 30;
const right = 195;
const width = right - left;
/** Centres of the head's two columns. */
const leftCentre = 62;
const rightCentre = 148;
const lineHeight = 6.6;
const bottom = A4.height - 21;

const body: TextStyle = { font: 'regular', size: 14 };
const bold: TextStyle = { font: 'bold', size: 14 };

const urgencyMarks = {
  khan: { word: 'KHẨN', width: 20 },
  'thuong-khan': { word: 'THƯỢNG KHẨN', width: 40 },
  'hoa-toc': { word: 'HỎA TỐC', width: 30 },
} as const;
const secrecyMarks = {
  mat: { word: 'MẬT', width: 20 },
  'toi-mat': { word: 'TỐI MẬT', width: 30 },
  'tuyet-mat': { word: 'TUYỆT MẬT', width: 36 },
} as const;

/** Which marks of ink are put on the printed text. */
export interface DrawOptions {
  readonly stamped: 'with-round-stamp' | 'without-stamp';
}

/** Draws a letter as vector PDF in the layout of Decree 30 (domain/vietnam.md §1.3) and returns the file's bytes. */
export async function drawLetter(letter: Letter, random: Random, options: DrawOptions): Promise<Uint8Array> {
  const sheet = await Sheet.create(new Date(`${letter.date}T02:00:00Z`));
  sheet.document.setTitle(letter.subject);
  sheet.document.setProducer('An Thu sample letters');
  const head = drawHead(sheet, letter, random);
  const title = drawTitle(sheet, letter, head);
  const end = drawParagraphs(sheet, letter.paragraphs, title + 2.5);
  drawSignatureBlock(sheet, letter, random, options, end + 4);
  return sheet.document.save();
}

/** Ô 1 to 4, 5b and 10; returns the y below it. */
function drawHead(sheet: Sheet, letter: Letter, random: Random): number {
  let y = 24;
  for (const line of letter.parentLines) {
    sheet.centred(line, leftCentre, y, { font: 'regular', size: 13 });
    y += 5.6;
  }
  for (const line of letter.issuerLines) {
    sheet.centred(line, leftCentre, y, { font: 'bold', size: 13 });
    y += 5.6;
  }
  sheet.rule(leftCentre - 12, leftCentre + 12, y - 3.6);
  sheet.centred('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', rightCentre, 24, { font: 'bold', size: 13 });
  sheet.centred('Độc lập - Tự do - Hạnh phúc', rightCentre, 30, { font: 'bold', size: 14 });
  sheet.rule(rightCentre - 34, rightCentre + 34, 32);

  const numberLine = Math.max(y + 3.6, 41);
  sheet.centred(`Số: ${letter.number}/${letter.notation}`, leftCentre, numberLine, {
    font: 'regular',
    size: 13,
  });
  sheet.centred(`${letter.place}, ${dateInWords(letter.date)}`, rightCentre, numberLine, {
    font: 'italic',
    size: 14,
  });
  y = numberLine + 6.5;
  if (letter.typeId === 18) {
    const style: TextStyle = { font: 'regular', size: 12 };
    for (const line of sheet.wrap(letter.subject, 64, style)) {
      sheet.centred(line, leftCentre, y, style);
      y += 5.2;
    }
  }
  if (letter.secrecy !== 'thuong') {
    const mark = secrecyMarks[letter.secrecy];
    const tilt = between(random, -1.5, 1.5);
    boxedMark(sheet, mark.word, { centre: leftCentre - 8, top: y, width: mark.width, tilt });
    y += 12;
  }
  if (letter.urgency !== 'thuong') {
    const mark = urgencyMarks[letter.urgency];
    const tilt = between(random, -1.5, 1.5);
    boxedMark(sheet, mark.word, { centre: leftCentre - 6, top: y, width: mark.width, tilt });
    y += 12;
  }
  return y;
}

/** Ô 5a and the addressees; returns the baseline of the last line. */
function drawTitle(sheet: Sheet, letter: Letter, from: number): number {
  const centre = left + width / 2;
  let y = from + 4;
  if (letter.typeId !== 18) {
    y += 3;
    sheet.centred(letter.typeName.toUpperCase(), centre, y, bold);
    for (const line of sheet.wrap(letter.subject, 128, bold)) {
      y += lineHeight;
      sheet.centred(line, centre, y, bold);
    }
    sheet.rule(centre - 22, centre + 22, y + 2.4);
    y += lineHeight + 2;
  }
  if (letter.addressees.length === 0) return y - 1;
  y += 4;
  if (letter.addressees.length === 1) {
    sheet.centred(`Kính gửi: ${letter.addressees[0]}.`, centre, y, body);
    return y + lineHeight;
  }
  sheet.text('Kính gửi:', left + 28, y, body);
  letter.addressees.forEach((addressee, index) => {
    y += lineHeight;
    sheet.text(`- ${addressee}${index === letter.addressees.length - 1 ? '.' : ';'}`, left + 40, y, body);
  });
  return y + lineHeight;
}

function pageBreak(sheet: Sheet, pageNumber: number): number {
  sheet.addPage();
  sheet.centred(String(pageNumber), A4.width / 2, 14, { font: 'regular', size: 13 });
  return 25;
}

function drawParagraphs(sheet: Sheet, paragraphs: readonly Paragraph[], from: number): number {
  let y = from + 3;
  for (const paragraph of paragraphs) {
    const look = paragraph.look ?? 'plain';
    if (look === 'bold-centre') {
      sheet.centred(paragraph.text, left + width / 2, y, bold);
      y += lineHeight + 1.5;
      continue;
    }
    const style = look === 'italic' ? { ...body, font: 'italic' as const } : body;
    const indent = 10;
    const lines = sheet.wrap(paragraph.text, width, style, indent + (look === 'article' ? 2 : 0));
    lines.forEach((line, index) => {
      if (y > bottom) y = pageBreak(sheet, sheet.document.getPageCount() + 1);
      const x = left + (index === 0 ? indent : 0);
      const room = right - x;
      if (index === 0 && look === 'article') {
        const [number, ...rest] = line.split('. ');
        const label = `${number}. `;
        sheet.text(label, x, y, bold);
        const used = sheet.width(label, bold);
        if (lines.length === 1) sheet.text(rest.join('. '), x + used, y, style);
        else sheet.justified(rest.join('. '), x + used, y, room - used, style);
      } else if (index === lines.length - 1) sheet.text(line, x, y, style);
      else sheet.justified(line, x, y, room, style);
      y += lineHeight;
    });
    y += 1.8;
  }
  return y;
}

/** Ô 7, 8 and 9b. */
function drawSignatureBlock(
  sheet: Sheet,
  letter: Letter,
  random: Random,
  options: DrawOptions,
  from: number,
): void {
  const blockHeight = 32 + letter.authorityLines.length * 6;
  let y = from + blockHeight > bottom + 6 ? pageBreak(sheet, sheet.document.getPageCount() + 1) : from;
  const top = y;
  sheet.text('Nơi nhận:', left, y, { font: 'boldItalic', size: 12 });
  for (const recipient of letter.recipients) {
    y += 4.8;
    sheet.text(`- ${recipient}`, left, y, { font: 'regular', size: 11 });
  }
  const centre = 152;
  y = top;
  for (const line of letter.authorityLines) {
    sheet.centred(line, centre, y, bold);
    y += 6;
  }
  const middle = y + 12;
  signature(sheet, random, { x: centre, y: middle });
  sheet.centred(letter.signerName, centre, y + 31, bold);
  if (options.stamped === 'with-round-stamp') {
    roundStamp(sheet, letter.stamp, {
      x: centre - 23,
      y: middle + between(random, 0, 3),
      tilt: between(random, -14, 10),
    });
  }
}
