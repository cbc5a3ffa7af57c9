import { BlendMode, degrees } from 'pdf-lib';
import type { Random } from './prng.ts';
import { between } from './prng.ts';
import { A4, ink, MM, type Sheet } from './sheet.ts';

/** A word stamped in a single red border (ô 10a, 10b): capitals, bold, 8 mm high (domain/vietnam.md §1.4). */
export function boxedMark(
  sheet: Sheet,
  word: string,
  at: { centre: number; top: number; width: number; tilt: number },
): void {
  const height = 8;
  const size = 14;
  const turn = degrees(at.tilt);
  const x = at.centre - at.width / 2;
  sheet.page.drawRectangle({
    x: x * MM,
    y: (A4.height - at.top - height) * MM,
    width: at.width * MM,
    height: height * MM,
    borderColor: ink.red,
    borderWidth: 1.5,
    rotate: turn,
    blendMode: BlendMode.Multiply,
  });
  const textWidth = sheet.width(word, { font: 'bold', size });
  const inset = (at.width - textWidth) / 2;
  const rise = Math.sin((at.tilt * Math.PI) / 180) * inset;
  sheet.page.drawText(word, {
    x: (x + inset) * MM,
    y: (A4.height - at.top - height + 2.2 + rise) * MM,
    font: sheet.fonts.bold,
    size,
    color: ink.red,
    rotate: turn,
    blendMode: BlendMode.Multiply,
  });
}

/** Letters along an arc of the round stamp, read from the left to the right over the top. */
function rimText(sheet: Sheet, text: string, centre: { x: number; y: number }, radius: number, tilt: number) {
  const letters = [...text.normalize('NFC')];
  const gap = 0.3;
  // At most about 300 degrees of the rim.
  const room = radius * 5.2 - letters.length * gap;
  const size = Math.min(9, (room / sheet.width(text, { font: 'bold', size: 9 })) * 9);
  const style = { font: 'bold', size } as const;
  const widths = letters.map((letter) => sheet.width(letter, style) + gap);
  const total = widths.reduce((sum, width) => sum + width, 0);
  let along = -total / 2;
  letters.forEach((letter, index) => {
    const width = widths[index] ?? 0;
    const angle = (along + width / 2) / radius + (tilt * Math.PI) / 180;
    along += width;
    const baseX = centre.x + Math.sin(angle) * radius;
    const baseY = centre.y - Math.cos(angle) * radius;
    sheet.page.drawText(letter, {
      x: (baseX - (Math.cos(angle) * (width - gap)) / 2) * MM,
      y: (A4.height - baseY + (Math.sin(angle) * (width - gap)) / 2) * MM,
      size: style.size,
      font: sheet.fonts.bold,
      color: ink.red,
      rotate: degrees((-angle * 180) / Math.PI),
      blendMode: BlendMode.Multiply,
    });
  });
}

function star(points: number, outer: number, inner: number, tilt: number): string {
  const steps: string[] = [];
  for (let i = 0; i < points * 2; i++) {
    const radius = (i % 2 === 0 ? outer : inner) * MM;
    const angle = (i * Math.PI) / points - Math.PI / 2 + (tilt * Math.PI) / 180;
    steps.push(`${i === 0 ? 'M' : 'L'}${Math.cos(angle) * radius} ${Math.sin(angle) * radius}`);
  }
  return `${steps.join(' ')} Z`;
}

/** The round red stamp of an invented agency, 36 mm across. */
export function roundStamp(
  sheet: Sheet,
  stamp: { rim: string; centre: string },
  at: { x: number; y: number; tilt: number },
): void {
  const circle = (radius: number, thickness: number) =>
    sheet.page.drawEllipse({
      x: at.x * MM,
      y: (A4.height - at.y) * MM,
      xScale: radius * MM,
      yScale: radius * MM,
      borderColor: ink.red,
      borderWidth: thickness,
      blendMode: BlendMode.Multiply,
    });
  circle(18, 2);
  circle(16.9, 0.7);
  circle(11.2, 0.9);
  rimText(sheet, stamp.rim, at, 12.6, at.tilt);
  const drawStar = (y: number, size: number) =>
    sheet.page.drawSvgPath(star(5, size, size * 0.4, at.tilt), {
      x: at.x * MM,
      y: (A4.height - y) * MM,
      color: ink.red,
      blendMode: BlendMode.Multiply,
    });
  if (stamp.centre === '') {
    drawStar(at.y, 6);
    return;
  }
  drawStar(at.y + 14, 1.6);
  const words = stamp.centre.split(' ');
  const half = Math.ceil(words.length / 2);
  const lines =
    words.length > 2 ? [words.slice(0, half).join(' '), words.slice(half).join(' ')] : [stamp.centre];
  lines.forEach((line, index) => {
    const size = 11;
    const width = sheet.width(line, { font: 'bold', size });
    const y = at.y + 1.4 + (index - (lines.length - 1) / 2) * 5;
    const tilt = (at.tilt * Math.PI) / 180;
    sheet.page.drawText(line, {
      x: (at.x - (width / 2) * Math.cos(tilt) - (y - at.y) * Math.sin(tilt)) * MM,
      y: (A4.height - y + (width / 2) * Math.sin(tilt)) * MM,
      size,
      font: sheet.fonts.bold,
      color: ink.red,
      rotate: degrees(-at.tilt),
      blendMode: BlendMode.Multiply,
    });
  });
}

/** A handwritten signature in blue ballpoint, about 42 mm wide, centred on (x, y). */
export function signature(sheet: Sheet, random: Random, at: { x: number; y: number }): void {
  const steps: string[] = [];
  const width = between(random, 36, 44);
  const loops = 4 + Math.floor(between(random, 0, 3));
  const point = (x: number, y: number) => `${(x * MM).toFixed(2)} ${(y * MM).toFixed(2)}`;
  let x = -width / 2;
  steps.push(`M${point(x, 3)}`);
  for (let loop = 0; loop < loops; loop++) {
    const tall = loop === 0 ? between(random, 11, 14) : between(random, 1.5, 9);
    const forward = (width / loops) * between(random, 0.5, 1.3);
    const lean = between(random, 2, 5);
    steps.push(
      `C${point(x + lean, -tall)} ${point(x + lean + between(random, 1, 6), -tall)} ${point(x + forward * 0.5, between(random, -1, 3))}`,
    );
    steps.push(
      `C${point(x + forward * 0.2, 6)} ${point(x - 2, 3)} ${point(x + forward, between(random, -2, 2))}`,
    );
    x += forward;
  }
  steps.push(`C${point(x + 6, -5)} ${point(x + 10, -8)} ${point(x + 4, 2)}`);
  steps.push(`C${point(x - 14, 12)} ${point(-width / 2 - 4, 10)} ${point(width / 2 + 8, 4)}`);
  sheet.page.drawSvgPath(steps.join(' '), {
    x: at.x * MM,
    y: (A4.height - at.y) * MM,
    borderColor: ink.blue,
    borderWidth: 1.5,
    blendMode: BlendMode.Multiply,
  });
}
