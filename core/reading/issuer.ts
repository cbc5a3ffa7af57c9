import { foldVietnamese } from '../shared/fold.ts';
import { capitalShare, type Segment } from './segments.ts';

/** Words that begin the name of an issuing body, folded. */
const headWords = [
  'uy ban nhan dan',
  'hoi dong nhan dan',
  'ubnd',
  'hdnd',
  'so',
  'ban',
  'bo',
  'phong',
  'trung tam',
  'chi cuc',
  'cuc',
  'tong cuc',
  'van phong',
  'thanh tra',
  'cong an',
  'bo chi huy',
  'ban chi huy',
  'truong',
  'benh vien',
  'tram y te',
  'vien',
  'toa an',
  'thue',
  'kho bac',
  'bao hiem',
  'quy',
  'cong ty',
  'tong cong ty',
  'dang uy',
  'tinh uy',
  'hoi',
  'lien doan',
  'doan',
  'mat tran',
  'chinh phu',
  'quoc hoi',
  'thu tuong',
];

/** Place words after which a committee's name goes on in the next line. */
const placeWords = /^(tinh|thanh pho|tp|xa|phuong|dac khu|huyen|quan|thi xa|thi tran)\b/;
const committee = /^(uy ban nhan dan|hoi dong nhan dan|ubnd|hdnd)$/;

/** Words of agency names whose marks OCR tends to get wrong in capitals, by their folded form. */
const nameWords: ReadonlyMap<string, string> = new Map([
  ['tinh', 'TỈNH'],
  ['uy', 'ỦY'],
  ['nhan', 'NHÂN'],
  ['dan', 'DÂN'],
  ['xa', 'XÃ'],
  ['phuong', 'PHƯỜNG'],
  ['trung', 'TRUNG'],
  ['phong', 'PHÒNG'],
  ['hoi', 'HỘI'],
  ['dong', 'ĐỒNG'],
]);

export interface Issuer {
  readonly name: string;
  readonly trust: number;
  readonly segments: readonly Segment[];
}

function beginsBody(folded: string): boolean {
  return headWords.some((word) => folded === word || folded.startsWith(`${word} `));
}

/**
 * The issuing body from the lines of ô 2 (from the top down): what stands under the governing body's name,
 * its lines joined (domain/vietnam.md §1.10). `knownAgencies` spell the name when one of them is meant.
 */
export function issuerOf(lines: readonly Segment[], knownAgencies: readonly string[]): Issuer | undefined {
  const name = lines.filter((line) => capitalShare(line.text) > 0.7);
  const last = name.length - 1;
  if (last < 0) return undefined;
  let first = last;
  let trust = 1;
  if (placeWords.test(name[last]!.folded) && last > 0 && committee.test(name[last - 1]!.folded))
    first = last - 1;
  else {
    while (first > 0 && !beginsBody(name[first]!.folded)) first--;
    if (!beginsBody(name[first]!.folded)) {
      first = last;
      trust = 0.6;
    }
  }
  const segments = name.slice(first);
  const printed = segments.map((line) => line.text).join(' ');
  const known = knownAgencies.find((agency) => foldVietnamese(agency) === foldVietnamese(printed));
  if (known !== undefined) return { name: known, trust, segments };
  const mended = mendMarks(printed);
  return { name: mended, trust: mended === printed ? trust : trust * 0.85, segments };
}

/** Puts marks right where a word of an agency's name can hardly be another one. */
function mendMarks(text: string): string {
  return text
    .split(' ')
    .map((word, index) => {
      const folded = foldVietnamese(word);
      if (index === 0 && folded === 'so') return 'SỞ';
      return nameWords.get(folded) ?? word;
    })
    .join(' ')
    .replace(/^[^\p{L}]+|[^\p{L}\d]+$/gu, '');
}
