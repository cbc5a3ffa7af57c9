import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferSource } from './byte-source.ts';
import { defaultPdfLimits } from './limits.ts';
import { ObjectParser } from './object-parser.ts';
import { PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from './objects.ts';
import { PdfOutput, writeObject } from './serialize.ts';

function parse(text: string | Uint8Array, limits = defaultPdfLimits): PdfObject {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  return new ObjectParser(bufferSource(bytes), 0, limits, 'none').object();
}

function written(object: PdfObject): Buffer {
  const out = new PdfOutput(0);
  writeObject(out, object);
  return out.take();
}

test('strings undo escapes, octal codes, line continuation and nested parentheses', () => {
  expect(parse('(a\\(b\\)\\\\ (c) \\101\\7x\\\r\nz\r\nq)')).toEqual(
    new PdfString(Buffer.from('a(b)\\ (c) A\x07xz\nq', 'latin1')),
  );
});

test('hexadecimal strings ignore white space and pad an odd digit', () => {
  expect(parse('<48 65\n6c6C6>')).toEqual(new PdfString(Buffer.from('Hell`'), 'hex'));
});

test('numbers, references and names stand apart', () => {
  expect(parse('[1 2 R 3 0 R -4.5 .5 6. +7 /A#20B /C]')).toEqual([
    new PdfRef(1, 2),
    new PdfRef(3, 0),
    -4.5,
    0.5,
    6,
    7,
    new PdfName('A B'),
    new PdfName('C'),
  ]);
});

test('comments count as white space', () => {
  expect(parse('<< /A % comment >>\n 1 /B [true null] >>')).toEqual(new PdfDict({ A: 1, B: [true, null] }));
});

test('a key that stands twice is reported and the last value kept', () => {
  const dict = parse('<< /A 1 /B 2 /A 3 >>');
  expect(dict).toEqual(new PdfDict(new Map([['A', 3], ['B', 2]]), ['A'])); // prettier-ignore
});

test('a key that stands twice with the same word is not reported: every reader sees the same', () => {
  const dict = parse('<< /A /X /B 2 0 R /A /X /B 2 0 R /C 1 /C 1 /D (x) /D (x) >>');
  expect(dict instanceof PdfDict && dict.duplicates).toEqual(['D']);
});

test.each(['<< /A 1', '[1 2', '(abc', '<48', '<< 1 2 >>', '--5', '1.2.3', 'nul', '<4x>'])(
  '%s is refused as damaged',
  (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'pdf.damaged' }));
  },
);

test('nesting beyond the cap is refused instead of overflowing the stack', () => {
  expect(() => parse('['.repeat(50_000))).toThrow(
    expect.objectContaining({ code: 'pdf.limit', detail: { what: 'depth', max: 100 } }),
  );
});

test('an array of endless items is refused at the cap', () => {
  expect(() => parse(`[${'1 '.repeat(2000)}]`, { ...defaultPdfLimits, items: 1000 })).toThrow(
    expect.objectContaining({ code: 'pdf.limit', detail: { what: 'items', max: 1000 } }),
  );
});

test('any object survives being written and read', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const latin1 = bytes.map((value) => Buffer.from(value).toString('latin1'));
  const { object } = fc.letrec<{ object: PdfObject }>((tie) => ({
    object: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((n) => Math.round(n * 1e5) / 1e5 + 0),
      latin1.map((value) => new PdfName(value)),
      fc.tuple(bytes, fc.constantFrom('literal' as const, 'hex' as const)).map(([b, n]) => new PdfString(Buffer.from(b), n)),
      fc.tuple(fc.nat(), fc.nat(65_535)).map(([num, gen]) => new PdfRef(num, gen)),
      fc.array(tie('object'), { maxLength: 6 }),
      fc.uniqueArray(fc.tuple(latin1, tie('object')), { maxLength: 6, selector: ([key]) => key })
        .map((entries) => new PdfDict(new Map(entries))),
    ),
  })); // prettier-ignore
  fc.assert(
    fc.property(object, (value) => {
      expect(written(parse(written(value)))).toEqual(written(value));
      expect(parse(written(value))).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

describe('a long hexadecimal string', () => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) & 0xff));
  const read = (text: string) =>
    new ObjectParser(bufferSource(Buffer.from(text, 'latin1')), 0, defaultPdfLimits);

  test.each([
    ['without a break', bytes.toString('hex')],
    ['with white space in it', bytes.toString('hex').replace(/(.{64})/g, '$1\n')],
    ['in capitals', bytes.toString('hex').toUpperCase()],
  ])('%s is read whole, and the cursor stands behind it', (_, hex) => {
    const parser = read(`<${hex}> 7`);
    const value = parser.object();
    expect(value instanceof PdfString && Buffer.from(value.bytes).equals(bytes)).toBe(true);
    expect(value instanceof PdfString && value.span).toEqual({ start: 0, end: hex.length + 2 });
    expect(parser.object()).toBe(7);
  });

  test('an odd last digit counts as if a zero followed', () => {
    const value = read(`<${'ab'.repeat(600)}c>`).object();
    expect(value instanceof PdfString && value.bytes.at(-1)).toBe(0xc0);
  });

  test.each([
    ['never ends', 'ab'.repeat(40_000)],
    ['holds something else', `${'ab'.repeat(600)}zz>`],
  ])('one that %s is damage', (_, rest) => {
    expect(() => read(`<${rest}`).object()).toThrow(/pdf\.damaged/);
  });
});
