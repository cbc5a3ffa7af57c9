import type { OcrLine, PageText, RedMarkText } from '../ports/page-reader.ts';

/** A line of a made-up page: left edge and top as shares of an A4 page, its text, and how sure the reader was. */
export interface FixtureLine {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly confidence?: number;
}

const width = 1654;
const height = 2339;
const letterWidth = 15;
const lineHeight = 32;

/** A head as the reader would give it at 200 dpi, from lines placed by hand. */
export function pageOf(
  lines: readonly FixtureLine[],
  extra: { readonly redMarks?: readonly RedMarkText[]; readonly fraction?: number } = {},
): PageText {
  return {
    page: 0,
    pageWidth: width,
    pageHeight: height,
    dpi: 200,
    fraction: extra.fraction ?? 0.45,
    lines: lines.map(toLine),
    redMarks: extra.redMarks ?? [],
    ms: 1,
    engine: 'fixture',
  };
}

function toLine({ x, y, text, confidence = 0.96 }: FixtureLine): OcrLine {
  let at = x * width;
  const y0 = y * height;
  const words = text.split(' ').map((word) => {
    const x0 = at;
    at += word.length * letterWidth + 12;
    return { text: word, confidence, box: { x0, y0, x1: at - 12, y1: y0 + lineHeight } };
  });
  return { text, confidence, box: { x0: x * width, y0, x1: at - 12, y1: y0 + lineHeight }, words };
}

/** A red mark of the given size in millimetres, under the number. */
export function redMark(
  text: string,
  shape: {
    framed?: boolean;
    confidence?: number;
    width?: number;
    height?: number;
    x?: number;
    y?: number;
  } = {},
): RedMarkText {
  const mm = 200 / 25.4;
  const x0 = (shape.x ?? 0.2) * width;
  const y0 = (shape.y ?? 0.2) * height;
  return {
    text,
    confidence: shape.confidence ?? 0.9,
    framed: shape.framed ?? true,
    box: { x0, y0, x1: x0 + (shape.width ?? 20) * mm, y1: y0 + (shape.height ?? 8) * mm },
  };
}

/** The head of an ordinary công văn. */
export const officialHead: readonly FixtureLine[] = [
  { x: 0.17, y: 0.075, text: 'UBND TỈNH AN LẠC' },
  { x: 0.46, y: 0.075, text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM' },
  { x: 0.22, y: 0.095, text: 'SỞ NỘI VỤ' },
  { x: 0.54, y: 0.098, text: 'Độc lập - Tự do - Hạnh phúc' },
  { x: 0.19, y: 0.135, text: 'Số: 1287/SNV-CCHC' },
  { x: 0.55, y: 0.135, text: 'An Lạc, ngày 19 tháng 11 năm 2026' },
  { x: 0.13, y: 0.158, text: 'V/v rà soát việc đăng ký, số hóa' },
  { x: 0.16, y: 0.176, text: 'văn bản đến tại các xã' },
  { x: 0.3, y: 0.235, text: 'Kính gửi: Ủy ban nhân dân xã Hòa Thịnh.' },
  {
    x: 0.16,
    y: 0.275,
    text: 'Qua theo dõi tình hình tiếp nhận và xử lý văn bản trong quý vừa qua, Sở Nội vụ thấy rằng',
  },
];
