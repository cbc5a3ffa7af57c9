import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineCutter } from './lines.ts';

it('lines are the same in whatever pieces the text comes', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ệ', '\n', '\r', '\u2028', '\u2029', '\u0085') });
  fc.assert(
    fc.property(fc.array(text), (pieces) => {
      const cutter = new LineCutter();
      const lines = pieces.flatMap((piece) => cutter.take(piece));
      expect([...lines, cutter.rest]).toEqual(pieces.join('').split('\n'));
    }),
  );
});
