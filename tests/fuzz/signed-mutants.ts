import { openPdf, type PdfDocument } from '../../core/pdf/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from '../../core/pdf/objects.ts';
import { appendUpdate } from '../verification/signed-files.ts';
import { oneOf, type Dice } from './dice.ts';
import type { Subject } from './subjects.ts';

/** A changed file, and which signatures (by the end of what they cover) may not pass any more. */
export interface Mutant {
  readonly kind: string;
  readonly bytes: Buffer;
  /** Signatures whose range ends behind this offset of the original are broken. */
  readonly brokenFrom: number;
}

type Make = (subject: Subject, roll: Dice) => Promise<Omit<Mutant, 'kind'> | undefined>;

/** A place that some signature covers: anywhere but the outermost gaps. */
function coveredPlace({ bytes, ranges }: Subject, roll: Dice): number {
  for (;;) {
    const place = roll(bytes.length);
    // A gap is covered by the signatures behind it, and free for its own.
    const isFree = ranges.every(({ gap, end }) => place >= end || (place >= gap[0] && place < gap[1]));
    if (!isFree) return place;
  }
}

const spliced = (bytes: Buffer, from: number, to: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(to)]);

const whiteSpace = new Set([0, 9, 10, 12, 13, 32]);
const number10 = (value: number): string => String(value).padStart(10, '0');
const startXref = (bytes: Buffer): string =>
  /startxref\s+(\d+)\s+%%EOF\s*$/.exec(bytes.subarray(-200).toString('latin1'))?.[1] ?? '0';

/** Changes inside what was signed. */
const inside: Readonly<Record<string, Make>> = {
  'a bit turned': async (subject, roll) => {
    const place = coveredPlace(subject, roll);
    const bytes = Buffer.from(subject.bytes);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << roll(8));
    return { bytes, brokenFrom: place };
  },
  'a byte replaced': async (subject, roll) => {
    const place = coveredPlace(subject, roll);
    const bytes = Buffer.from(subject.bytes);
    bytes[place] = ((bytes[place] ?? 0) + 1 + roll(255)) & 0xff;
    return { bytes, brokenFrom: place };
  },
  'bytes put in': async (subject, roll) => {
    const place = coveredPlace(subject, roll);
    const put = Buffer.from(Array.from({ length: 1 + roll(8) }, () => roll(256)));
    return { bytes: spliced(subject.bytes, place, place, put), brokenFrom: place };
  },
  'bytes taken out': async (subject, roll) => {
    const place = coveredPlace(subject, roll);
    return { bytes: spliced(subject.bytes, place, place + 1 + roll(8), Buffer.alloc(0)), brokenFrom: place };
  },
  'a stretch copied over another': async (subject, roll) => {
    const place = coveredPlace(subject, roll);
    const from = roll(subject.bytes.length - 40);
    const piece = subject.bytes.subarray(from, from + 1 + roll(40));
    const bytes = spliced(subject.bytes, place, place + piece.length, piece);
    return bytes.subarray(0, subject.bytes.length).equals(subject.bytes)
      ? undefined
      : { bytes, brokenFrom: place };
  },
  'a number written otherwise': async (subject, roll) => {
    const text = subject.bytes.toString('latin1');
    const digits = [...text.matchAll(/\d+/g)].filter(({ index }) =>
      subject.ranges.some(({ gap, end }) => index < end && (index < gap[0] - 1 || index >= gap[1])),
    );
    const match = oneOf(roll, digits);
    const changed = oneOf(roll, ['0', '1', '-1', '99999999', String(Number(match[0]) + 1)]);
    if (changed === match[0]) return undefined;
    const to = match.index + match[0].length;
    return { bytes: spliced(subject.bytes, match.index, to, Buffer.from(changed)), brokenFrom: match.index };
  },
  'the end cut off': async ({ bytes }, roll) => {
    // White space behind the last %%EOF is not missed.
    const size = bytes.toString('latin1').trimEnd().length - 1 - roll(2000);
    return { bytes: bytes.subarray(0, size), brokenFrom: size };
  },
};

/** What nobody may append. */
const behind: Readonly<Record<string, Make>> = {
  'bytes appended': async ({ bytes }, roll) => {
    const tail = Buffer.from(Array.from({ length: 1 + roll(60) }, () => roll(256)));
    if (tail.every((byte) => whiteSpace.has(byte))) tail[0] = 0x41;
    return { bytes: Buffer.concat([bytes, tail]), brokenFrom: 0 };
  },
  'an object that no section lists': async ({ bytes }, roll) => {
    const object = `\n${1 + roll(20)} 0 obj\n<< /X ${roll(999)} >>\nendobj\n${oneOf(roll, ['', '%%EOF\n', `startxref\n${startXref(bytes)}\n%%EOF\n`])}`;
    return { bytes: Buffer.concat([bytes, Buffer.from(object)]), brokenFrom: 0 };
  },
  'a stretch of the file appended again': async ({ bytes }, roll) => {
    const from = roll(bytes.length - 200);
    return { bytes: Buffer.concat([bytes, bytes.subarray(from, from + 100 + roll(5000))]), brokenFrom: 0 };
  },
  'a section that gives an object another place': async (subject, roll) => {
    const { bytes } = subject;
    const offsets = [...bytes.toString('latin1').matchAll(/(?<=[\r\n])(\d+) 0 obj/g)];
    const target = oneOf(roll, offsets);
    const number = 1 + roll(12);
    if (Number(target[1]) === number) return undefined;
    const root = /\/Root (\d+ 0 R)/.exec(bytes.toString('latin1'))?.[1] ?? '1 0 R';
    const tail = `xref\n${number} 1\n${number10(target.index)} 00000 n \ntrailer\n<< /Size 200 /Root ${root} /Prev ${startXref(bytes)} >>\nstartxref\n${bytes.length}\n%%EOF\n`;
    return { bytes: Buffer.concat([bytes, Buffer.from(tail)]), brokenFrom: 0 };
  },
  'another root': async (subject, roll) => {
    const { bytes } = subject;
    const tail = `xref\n0 0\ntrailer\n<< /Size 200 /Root ${2 + roll(12)} 0 R /Prev ${startXref(bytes)} >>\nstartxref\n${bytes.length}\n%%EOF\n`;
    const [, root] = /\/Root (\d+) 0 R/.exec(bytes.toString('latin1')) ?? [];
    return tail.includes(`/Root ${root} 0 R`)
      ? undefined
      : { bytes: Buffer.concat([bytes, Buffer.from(tail)]), brokenFrom: 0 };
  },
  'an object redefined': async (subject, roll) => {
    const pdf = openPdf(subject.path, { password: '' });
    const numbers = redefinable(pdf);
    pdf.close();
    const num = oneOf(roll, numbers);
    const bytes = await appendUpdate(subject.path, (update, opened) => {
      update.put(new PdfRef(num), strange(opened.load(num), roll));
    }).catch(() => undefined);
    return bytes && { bytes, brokenFrom: olderThan(subject, num) };
  },
  'an object freed': async (subject, roll) => {
    const pdf = openPdf(subject.path, { password: '' });
    const num = oneOf(roll, redefinable(pdf));
    pdf.close();
    const { bytes } = subject;
    const root = /\/Root (\d+ 0 R)/.exec(bytes.toString('latin1'))?.[1] ?? '1 0 R';
    const tail = `xref\n${num} 1\n0000000000 00001 f \ntrailer\n<< /Size 200 /Root ${root} /Prev ${startXref(bytes)} >>\nstartxref\n${bytes.length}\n%%EOF\n`;
    return { bytes: Buffer.concat([bytes, Buffer.from(tail)]), brokenFrom: olderThan(subject, num) };
  },
};

/** Where the newest signed revision ends that knows nothing of an object yet: signatures up to there may stand. */
function olderThan({ path, ranges }: Subject, num: number): number {
  let end = 0;
  for (const range of ranges) {
    const pdf = openPdf(path, { password: '', endOffset: range.end });
    if (pdf.entry(num) === undefined) ({ end } = range);
    pdf.close();
  }
  return end;
}

/** Objects that something leads to and that are no dates of the information, XMP or security store. */
function redefinable(pdf: PdfDocument): number[] {
  const free = new Set<number>();
  for (const key of ['Info', 'Encrypt']) {
    const reference = pdf.trailer.get(key);
    if (reference instanceof PdfRef) free.add(reference.num);
  }
  const catalog = pdf.catalog();
  for (const key of ['Metadata', 'DSS']) {
    const reference = catalog.get(key);
    if (reference instanceof PdfRef) free.add(reference.num);
  }
  const store = pdf.getDict(catalog, 'DSS');
  for (const value of store?.entries.values() ?? [])
    for (const item of Array.isArray(value) ? value : []) if (item instanceof PdfRef) free.add(item.num);
  const found = new Set<number>();
  const waiting: PdfObject[] = [catalog];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfRef) {
      if (found.has(next.num) || free.has(next.num) || pdf.entry(next.num) === undefined) continue;
      found.add(next.num);
      waiting.push(pdf.load(next.num));
    } else if (Array.isArray(next)) waiting.push(...next);
    else if (next instanceof PdfDict) waiting.push(...next.entries.values());
    else if (next instanceof PdfStream) waiting.push(next.dict);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** The object with something changed that nobody may change. */
function strange(old: PdfObject, roll: Dice): PdfObject {
  const odd: PdfObject[] = [
    7,
    new PdfDict({ X: roll(999) }),
    [new PdfName('X')],
    new PdfString(Buffer.from('x')),
  ];
  if (roll(4) === 0) return oneOf(roll, odd);
  if (old instanceof PdfStream)
    return new PdfStream(old.dict.with({ Length: undefined, Filter: undefined }), {
      bytes: Buffer.from(`% ${roll(999_999)}`),
    });
  if (!(old instanceof PdfDict)) return oneOf(roll, odd);
  const keys = [...old.entries.keys()];
  const key = roll(2) === 0 ? `X${roll(99)}` : oneOf(roll, keys);
  return roll(3) === 0 && old.entries.has(key)
    ? old.with({ [key]: undefined })
    : old.with({ [key]: roll(999) });
}

const kinds = Object.entries({ ...inside, ...behind });

/** Names of all kinds of mutants. */
export const mutantKinds: readonly string[] = kinds.map(([name]) => name);

/** One mutant of one of the subjects; undefined when the dice changed nothing. */
export async function makeMutant(subject: Subject, roll: Dice): Promise<Mutant | undefined> {
  const [kind, make] = oneOf(roll, kinds);
  const made = await make(subject, roll);
  if (!made || made.bytes.equals(subject.bytes)) return undefined;
  return { kind, ...made };
}
