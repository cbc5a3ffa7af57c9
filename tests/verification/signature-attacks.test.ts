import { describe, expect, it } from 'vitest';
import { bytes, evil, judge, range } from './signed-letter.ts';

// The classes of findings/pdf-attacks.md that change what a signature says of itself, and the bytes it covers.

describe('signature wrapping', () => {
  const text = (): string => bytes.toString('latin1');

  it('the second range moved to the end and objects put into the gap', async () => {
    const [, gapStart, gapEnd] = range;
    const original = text();
    // The forger's cross-reference section stands where the signed `startxref` points to.
    const xrefAt = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(original)?.[1]);
    const oldXref = Number(/startxref\s+(\d+)\s+%%EOF/.exec(original)?.[1]);
    const contents = original.slice(gapStart, gapEnd);
    const tail = bytes.subarray(gapEnd);
    const build = (offsets: readonly number[], moved: number): { section: string; objects: string[] } => {
      const entry = (index: number): string => `${String(offsets[index] ?? 0).padStart(10, '0')} 00000 n \n`;
      return {
        section:
          `xref\n1 1\n${entry(0)}4 1\n${entry(1)}50 2\n${entry(2)}${entry(3)}` +
          `trailer\n<< /Size 100 /Root 1 0 R /Prev ${oldXref} >>\nstartxref\n${xrefAt}\n%%EOF\n`,
        objects: [
          '1 0 obj\n<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [50 0 R] >> >>\nendobj\n',
          `4 0 obj\n<< /Length ${evil.length} >>\nstream\n${evil}\nendstream\nendobj\n`,
          '50 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /Rect [0 0 0 0] /V 51 0 R >>\nendobj\n',
          `51 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ` +
            `/ByteRange [0 ${gapStart} ${String(moved).padStart(10, '0')} ${tail.length}] /Contents ${contents} >>\nendobj\n`,
        ],
      };
    };
    const draft = build([], 0);
    let at = xrefAt + draft.section.length;
    const offsets = draft.objects.map((object) => (at += object.length) - object.length);
    const { section, objects } = build(offsets, at);
    const forged = Buffer.concat([
      bytes.subarray(0, gapEnd),
      Buffer.alloc(xrefAt - gapEnd, ' '),
      Buffer.from(section + objects.join(''), 'latin1'),
      tail,
    ]);
    const report = await judge(forged);
    expect(report.signatures).toMatchObject([
      { field: 'Signature1', subIndication: 'FORMAT_FAILURE', integrity: null },
    ]);
  });

  it('the gap enlarged to both sides', async () => {
    const [, gapStart, gapEnd, length] = range;
    for (const [a, b, c] of [
      [gapStart - 10, gapEnd, length],
      [gapStart, gapEnd + 10, length - 10],
      [gapStart + 1, gapEnd, length],
      [gapStart, gapEnd - 1, length + 1],
    ] as const) {
      const report = await judge(withRange(`[0 ${a} ${b} ${c}]`));
      expect(report.signatures[0]?.subIndication).toBe('FORMAT_FAILURE');
    }
  });
});

/** The signed file with another text in place of `/ByteRange [...]`, of the same length. */
function withRange(replacement: string, key = '/ByteRange'): Buffer {
  const copy = Buffer.from(bytes);
  const match = /\/ByteRange\s*\[[^\]]*\]\s*/.exec(copy.toString('latin1'));
  const length = match?.[0].length ?? 0;
  const text = `${key} ${replacement}`;
  if (!match || text.length > length) throw new Error('replacement too long');
  copy.write(text.padEnd(length), match.index, 'latin1');
  return copy;
}

/** The signed file with another /Contents of the same length. */
function withContents(replacement: string, key = '/Contents'): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.lastIndexOf('/Contents', range[1]);
  copy.write(`${key} ${replacement}`.padEnd(range[2] - at), at, 'latin1');
  return copy;
}

describe('universal forgery', () => {
  it.each([
    ['missing', () => withRange('[0 0 0 0]', '/ByteRangX')],
    ['null', () => withRange('null')],
    ['negative', () => withRange('[0 -1 2 3]')],
    ['all zero', () => withRange('[0 0 0 0]')],
    ['three numbers', () => withRange('[0 10 20]')],
    ['five numbers', () => withRange('[0 1 2 3 4]')],
    ['beyond the file', () => withRange(`[0 ${range[1]} ${range[2]} 99999999]`)],
    ['overlapping', () => withRange('[0 500 400 99]')],
    ['not from the beginning', () => withRange(`[1 ${range[1] - 1} ${range[2]} ${range[3]}]`)],
    ['reals', () => withRange(`[0.0 ${range[1]} ${range[2]} ${range[3]}]`)],
    ['strings', () => withRange('[(0) (1) (2) (3)]')],
    ['a reference', () => withRange('[0 4 0 R 5 6]')],
    ['the whole file without a gap', () => withRange(`[0 ${bytes.length} ${bytes.length} 0]`)],
  ])('/ByteRange %s', async (_name, forge) => {
    const report = await judge(forge());
    expect(report.verdict).toBe('invalid');
    expect(report.signatures).toMatchObject([
      { indication: 'TOTAL_FAILED', subIndication: 'FORMAT_FAILURE', integrity: null },
    ]);
  });

  it.each([
    ['missing', () => withContents('<00>', '/ContentX')],
    ['null', () => withContents('null')],
    ['empty', () => withContents('<>')],
    ['a zero byte', () => withContents('<00>')],
    ['zeros', () => withContents(`<${'0'.repeat(range[2] - range[1] - 2)}>`)],
    ['a literal string', () => withContents('(abc)')],
  ])('/Contents %s', async (_name, forge) => {
    const report = await judge(forge());
    expect(report.verdict).toBe('invalid');
    expect(report.signatures).toMatchObject([
      { indication: 'TOTAL_FAILED', subIndication: 'FORMAT_FAILURE', integrity: null },
    ]);
  });

  it('a /ByteRange that comes twice', async () => {
    const copy = Buffer.from(bytes);
    const at = copy.indexOf('/Type /Sig');
    expect(at).toBeGreaterThan(0);
    const text = copy.toString('latin1').replace('/Filter /Adobe.PPKLite', '/ByteRange [0 1 2 3]  ');
    expect((await judge(Buffer.from(text, 'latin1'))).signatures[0]?.subIndication).toBe('FORMAT_FAILURE');
  });
});

describe('bytes changed', () => {
  it('one byte in either range breaks the digest', async () => {
    for (const needle of ['So: 12/UBND', 'Cong van']) {
      const copy = Buffer.from(bytes);
      const at = copy.indexOf(needle);
      copy[at] = (copy[at] ?? 0) ^ 1;
      const report = await judge(copy);
      expect(report.signatures).toMatchObject([
        { indication: 'TOTAL_FAILED', subIndication: 'HASH_FAILURE', integrity: false },
      ]);
    }
  });

  it('no single changed byte of the file leaves it valid', async () => {
    const step = 97;
    for (let at = 5; at < bytes.length; at += step) {
      const isPadding = at > range[1] + 6000 && at < range[2];
      if (isPadding) continue;
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 0x01;
      const { verdict } = await judge(copy);
      if (verdict === 'valid') {
        // Hexadecimal digits may change case, and certificates beside the signer's are not signed.
        expect(at).toBeGreaterThan(range[1]);
        expect(at).toBeLessThan(range[2]);
      }
    }
  });

  it('rubbish in the padding of /Contents', async () => {
    const copy = Buffer.from(bytes);
    copy.write('41', range[2] - 3, 'latin1');
    expect((await judge(copy)).signatures[0]?.subIndication).toBe('FORMAT_FAILURE');
  });

  it('bytes before the header', async () => {
    expect((await judge(Buffer.concat([Buffer.from('GIF89a\n'), bytes]))).verdict).not.toBe('valid');
  });

  it('a second startxref', async () => {
    const report = await judge(Buffer.concat([bytes, Buffer.from('startxref\n0\n%%EOF\n')]));
    expect(report.verdict).not.toBe('valid');
  });
});
