import { deflateSync, inflateSync } from 'node:zlib';
import { mutateBytes } from './der-mutants.ts';
import { oneOf, type Dice } from './dice.ts';

const numbers = [
  '0',
  '-1',
  '1',
  '2147483648',
  '99999999999999999999',
  '4294967295',
  '1e9',
  '0.5',
  '8388607',
  '65536',
];
const tokens = ['<<', '>>', '[', ']', '(', ')', '<', '>', '/', '%', 'obj', 'endobj', 'stream', 'endstream', 'xref', 'trailer',
  'startxref', '%%EOF', 'R', 'null', 'true', '/Length', '/Filter', '/Prev', '/Root', '/Kids', '/Parent', '/Size', '/W', '/Index',
  '/XRefStm', '/Encrypt', '/FlateDecode', '/ASCIIHexDecode', '/Type', '/ObjStm', '/N', '/First', '/Extends', '/Predictor']; // prettier-ignore

const splice = (bytes: Buffer, from: number, to: number, put: string | Uint8Array): Buffer =>
  Buffer.concat([
    bytes.subarray(0, from),
    typeof put === 'string' ? Buffer.from(put, 'latin1') : put,
    bytes.subarray(to),
  ]);

function matchOf(bytes: Buffer, pattern: RegExp, roll: Dice): RegExpExecArray | undefined {
  const found = [...bytes.toString('latin1').matchAll(pattern)];
  return found.length > 0 ? oneOf(roll, found) : undefined;
}

const changes: readonly ((bytes: Buffer, roll: Dice) => Buffer)[] = [
  (bytes, roll) => Buffer.from(mutateBytes(bytes, roll)),
  (bytes, roll) => {
    const match = matchOf(bytes, /\d+/g, roll);
    return match ? splice(bytes, match.index, match.index + match[0].length, oneOf(roll, numbers)) : bytes;
  },
  (bytes, roll) => {
    const place = roll(bytes.length);
    return splice(bytes, place, place + roll(10), oneOf(roll, tokens));
  },
  (bytes, roll) => {
    const match = matchOf(bytes, /\/[A-Za-z]+/g, roll);
    return match ? splice(bytes, match.index, match.index + match[0].length, oneOf(roll, tokens)) : bytes;
  },
  (bytes, roll) => {
    const match = matchOf(bytes, /(?<!\d)\d{1,10} 0 R/g, roll);
    return match ? splice(bytes, match.index, match.index + match[0].length, `${roll(20)} 0 R`) : bytes;
  },
  // A reference put where something else stood, often to itself.
  (bytes, roll) => {
    const match = matchOf(bytes, /(?<= )[0-9(][^/<>[\]]{0,40}(?=\/|>>)/g, roll);
    return match ? splice(bytes, match.index, match.index + match[0].length, ` ${roll(20)} 0 R `) : bytes;
  },
  // Deep nesting.
  (bytes, roll) => {
    const place = roll(bytes.length);
    return splice(bytes, place, place, oneOf(roll, ['[', '<<', '(', '<< /A ', '[<<']).repeat(1 + roll(5000)));
  },
  // A stream unpacked, changed and packed again; sometimes a bomb.
  (bytes, roll) => {
    const match = matchOf(bytes, /stream\r?\n/g, roll);
    if (!match) return bytes;
    const start = match.index + match[0].length;
    const end = bytes.indexOf('endstream', start);
    if (end < 0) return bytes;
    try {
      const plain = inflateSync(bytes.subarray(start, end), { maxOutputLength: 4 * 1024 * 1024 });
      const changed = roll(60) === 0 ? Buffer.alloc(40 * 1024 * 1024) : mutateBytes(plain, roll);
      return splice(bytes, start, end, deflateSync(changed));
    } catch {
      return splice(bytes, start, end, mutateBytes(bytes.subarray(start, end), roll));
    }
  },
  (bytes, roll) => Buffer.concat([bytes, bytes.subarray(roll(bytes.length))]),
  (bytes, roll) => bytes.subarray(0, roll(bytes.length)),
];

/** A PDF with one to three places changed as no writer would write them. */
export function mutatePdf(bytes: Buffer, roll: Dice): Buffer {
  let mutant = bytes;
  for (let times = 1 + roll(3); times > 0 && mutant.length > 0; times--)
    mutant = oneOf(roll, changes)(mutant, roll);
  return mutant;
}
