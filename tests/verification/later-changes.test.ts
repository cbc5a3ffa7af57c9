import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerificationMessageCode } from '../../core/contract/verification-messages.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { extractSignedRevision } from '../../core/verification/extract-revision.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { formBytes, signWithRules, type SignatureRules } from './certified-files.ts';
import { dict, set, type Change } from './changes.ts';
import { appendDocumentTimestamp, appendUpdate, codes, openWorkshop, type Workshop } from './signed-files.ts';

// What may follow a signature, by what certification and locks say; everything else is "changed after signing".

let shop: Workshop;
let form: string;

const bases = {
  plain: {},
  P1: { permission: 1 },
  P2: { permission: 2 },
  P3: { permission: 3 },
  'all fields locked': { lock: { Action: new PdfName('All') } },
  'SoTien locked': { fieldMdp: { Action: new PdfName('Include'), Fields: [textString('SoTien')] } },
  'all but GhiChu locked': { fieldMdp: { Action: new PdfName('Exclude'), Fields: [textString('GhiChu')] } },
  'lock with P=1': { lock: { Action: new PdfName('Include'), Fields: [], P: 1 } },
} satisfies Record<string, SignatureRules>;
type Base = keyof typeof bases;
const files = new Map<Base, string>();

beforeAll(async () => {
  shop = await openWorkshop();
  form = await shop.write('form.pdf', formBytes());
  for (const [name, rules] of Object.entries(bases) as [Base, SignatureRules][])
    files.set(name, await signWithRules(shop, form, `${name}.pdf`, rules));
});

afterAll(() => shop.close());

function appearance(content: string, more: Record<string, PdfObject> = {}): PdfStream {
  const fonts = new PdfDict({ Font: new PdfDict({ F1: new PdfRef(5) }) });
  const entries = { Type: new PdfName('XObject'), Subtype: new PdfName('Form') };
  return new PdfStream(new PdfDict({ ...entries, BBox: [0, 0, 200, 20], Resources: fonts, ...more }), {
    bytes: Buffer.from(content),
  });
}

const shows = (text: string, more: Record<string, PdfObject> = {}): PdfStream =>
  appearance(`/Tx BMC q BT /F1 12 Tf 0 g 2 5 Td (${text}) Tj ET Q EMC`, more);

/** Fills in a text field as viewers do: new value, new appearance. */
const fill =
  (num: number, value: string, look: PdfStream = shows(value)): Change =>
  (update, pdf) =>
    set(num, { V: textString(value), AP: new PdfDict({ N: update.add(look) }) })(update, pdf);

const inPlace: Change = (update, pdf) => {
  set(6, { V: textString('900') })(update, pdf);
  update.put(new PdfRef(7), shows('900'));
};

const tick = set(8, { V: new PdfName('Yes'), AS: new PdfName('Yes') });

const annotate =
  (subtype: string, more: Record<string, PdfObject> = {}): Change =>
  (update, pdf) => {
    const note = update.add(
      new PdfDict({
        Type: new PdfName('Annot'),
        Subtype: new PdfName(subtype),
        Rect: [60, 740, 300, 780],
        AP: new PdfDict({ N: update.add(appearance('1 g 0 0 200 20 re f')) }),
        ...more,
      }),
    );
    const page = dict(pdf, 3);
    const list = pdf.get(page, 'Annots');
    update.put(new PdfRef(3), page.with({ Annots: [...(Array.isArray(list) ? list : []), note] }));
  };

/** A stamp whose look has these entries. */
const stamp =
  (more: Record<string, PdfObject>): Change =>
  (update, pdf) =>
    annotate('Stamp', { AP: new PdfDict({ N: update.add(shows('900', more)) }) })(update, pdf);

async function judge(base: Base, change: Change) {
  const file = files.get(base);
  if (!file) throw new Error(base);
  return await shop.verify(await shop.write('changed.pdf', await appendUpdate(file, change)));
}

describe('clean twins', () => {
  it.each<[string, Base, Change, VerificationMessageCode]>([
    ['a field filled in', 'plain', fill(6, '900'), 'verify.form-filled'],
    ['a field filled in, its appearance rewritten in place', 'plain', inPlace, 'verify.form-filled'],
    ['a field filled in', 'P2', fill(6, '900'), 'verify.form-filled'],
    ['a field filled in', 'P3', fill(6, '900'), 'verify.form-filled'],
    ['a box ticked', 'P2', tick, 'verify.form-filled'],
    ['an empty field filled in', 'P2', fill(11, 'Da nhan du'), 'verify.form-filled'],
    ['a field that is not locked', 'SoTien locked', fill(11, 'Da nhan'), 'verify.form-filled'],
    ['the one field left open', 'all but GhiChu locked', fill(11, 'Da nhan'), 'verify.form-filled'],
    ['a comment', 'P3', annotate('FreeText'), 'verify.annotations-added'],
    ['a stamp', 'P3', annotate('Stamp'), 'verify.annotations-added'],
    ['an ink drawing', 'P3', annotate('Ink'), 'verify.annotations-added'],
    ['a line', 'P3', annotate('Line'), 'verify.annotations-added'],
    ['a stamp with a look', 'P3', stamp({}), 'verify.annotations-added'],
  ])('%s (%s) is permitted, named, and said', async (_name, base, change, code) => {
    const report = await judge(base, change);
    expect(report.verdict).toBe('valid');
    const [signature] = report.signatures;
    expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', later: 'permitted' });
    const expected = code === 'verify.form-filled' ? 'form-fill' : 'annotation';
    expect(signature?.changes.map((change) => change.class)).toContain(expected);
    expect(signature?.changes.every(({ page }) => page === 0)).toBe(true);
    expect(signature && codes(signature)).toContain(code);
    expect(signature && codes(signature)).not.toContain('verify.later-permitted');
  });

  it.each<[Base]>([['plain'], ['P2'], ['P3']])('a second, visible signature behind %s', async (base) => {
    const file = await signWithRules(shop, files.get(base) ?? '', 'second.pdf', {
      fieldName: 'Second',
      widget: (update) => ({
        Rect: [300, 100, 500, 200],
        AP: new PdfDict({ N: update.add(appearance('0 0 200 20 re S')) }),
      }),
    });
    const report = await shop.verify(file);
    expect(report.verdict).toBe('valid');
    expect(report.signatures[0]?.changes.map((change) => change.class)).toContain('new-signature');
    expect(report.signatures[0] && codes(report.signatures[0])).toContain('verify.later-permitted');
  });

  it.each<[Base]>([['P1'], ['P2'], ['P3'], ['all fields locked']])(
    'a document timestamp behind %s',
    async (base) => {
      const file = await appendDocumentTimestamp(shop, files.get(base) ?? '', 'stamped.pdf');
      expect((await shop.verify(file)).verdict).toBe('valid');
    },
  );
});

describe('changed after signing', () => {
  const liar = new PdfDict({
    Type: new PdfName('Font'), Subtype: new PdfName('Type1'), BaseFont: new PdfName('Helvetica'),
    Encoding: new PdfDict({ Differences: [49, new PdfName('nine')] }),
  }); // prettier-ignore
  it.each<[string, Base, Change]>([
    ['a field filled in', 'P1', fill(6, '900')],
    ['a field filled in', 'lock with P=1', fill(6, '900')],
    ['a locked field filled in', 'all fields locked', fill(6, '900')],
    ['a locked field filled in', 'SoTien locked', fill(6, '900')],
    ['a locked field filled in', 'all but GhiChu locked', fill(6, '900')],
    ['a locked box ticked', 'all fields locked', tick],
    ['an appearance that shows another value', 'plain', fill(6, '900', shows('100'))],
    ['an appearance with an image', 'plain', fill(6, '900', appearance('/X Do'))],
    ['an appearance that paints', 'plain', fill(6, '9', appearance('1 g 0 0 200 20 re f BT (9) Tj ET'))],
    [
      'an appearance larger than the field',
      'plain',
      fill(6, '900', shows('900', { BBox: [0, 0, 500, 500] })),
    ],
    ['an appearance on a layer', 'plain', fill(6, '900', shows('900', { OC: new PdfDict() }))],
    [
      'an appearance in a font that lies',
      'plain',
      fill(6, '900', shows('900', { Resources: new PdfDict({ Font: new PdfDict({ F1: liar }) }) })),
    ],
    ['a value without its appearance', 'plain', set(6, { V: textString('900') })],
    ['an appearance without its value', 'plain', (update) => update.put(new PdfRef(7), shows('900'))],
    ['an appearance deleted', 'plain', set(6, { AP: undefined, V: textString('900') })],
    ['a field hidden', 'plain', set(6, { F: 2 })],
    ['a field moved', 'plain', set(6, { Rect: [60, 740, 300, 780] })],
    ['a field of another type', 'plain', set(6, { FT: new PdfName('Ch') })],
    ['a state that the box does not have', 'plain', set(8, { V: new PdfName('X'), AS: new PdfName('X') })],
    ['a box that looks otherwise than it is', 'plain', set(8, { AS: new PdfName('Yes') })],
    ['a value taken away that says nothing else', 'P2', set(8, { V: undefined })],
    ['a state redrawn', 'plain', (update) => update.put(new PdfRef(9), shows('900'))],
    ['an action put to a field', 'plain', set(6, { V: textString('900'), AA: new PdfDict() })],
    ['a comment', 'plain', annotate('FreeText')],
    ['a comment', 'P1', annotate('FreeText')],
    ['a comment over text', 'P2', annotate('FreeText')],
    ['a link', 'P3', annotate('Link', { A: new PdfDict() })],
    ['a redaction', 'P3', annotate('Redact')],
    ['a comment with an action', 'P3', annotate('Stamp', { A: new PdfDict() })],
    ['a comment on a layer', 'P3', annotate('Ink', { OC: new PdfDict() })],
    ['a comment with a file that belongs to it', 'P3', annotate('FreeText', { AF: [new PdfRef(4)] })],
    ['a comment whose look has a file', 'P3', stamp({ AF: [new PdfRef(4)] })],
    ['a comment whose look is on a layer', 'P3', stamp({ OC: new PdfDict() })],
    [
      'a comment whose look uses a file',
      'P3',
      stamp({ Resources: new PdfDict({ X: new PdfDict({ EF: new PdfDict() }) }) }),
    ],
    ['the page shown otherwise', 'P3', set(3, { Rotate: 180 })],
  ])('%s (%s)', async (_name, base, change) => {
    const report = await judge(base, change);
    expect(report.verdict).toBe('invalid');
    const [signature] = report.signatures;
    expect(signature).toMatchObject({
      indication: 'TOTAL_FAILED',
      subIndication: 'FORMAT_FAILURE',
      later: 'forbidden',
    });
    expect(signature && codes(signature)).toContain('verify.changed-after-signing');
    expect(signature?.changes.length).toBeGreaterThan(0);
  });

  it('a signature over the whole page behind P=2 is permitted, named, and warned of', async () => {
    const covering = await signWithRules(shop, files.get('P2') ?? '', 'sneaky.pdf', {
      fieldName: 'Second',
      widget: (update) => ({
        Rect: [0, 0, 595, 842],
        AP: new PdfDict({ N: update.add(appearance('1 g 0 0 200 20 re f')) }),
      }),
    });
    const [first] = (await shop.verify(covering)).signatures;
    expect(first?.changes.map((change) => change.class)).toContain('new-signature');
    expect(first && codes(first)).toContain('verify.signature-covers-page');
  });

  it('a second signature whose look brings a file along', async () => {
    const second = async (more: Record<string, PdfObject>): Promise<unknown> => {
      const signed = await signWithRules(shop, files.get('plain') ?? '', 'second.pdf', {
        fieldName: 'Second',
        widget: (update) => ({
          Rect: [300, 20, 500, 40],
          AP: new PdfDict({ N: update.add(appearance('q Q', more)) }),
        }),
      });
      return (await shop.verify(signed)).signatures[0]?.later;
    };
    expect(await second({})).toBe('permitted');
    expect(await second({ AF: [new PdfRef(4)] })).toBe('forbidden');
  });

  it('an empty field that had a script of its own is signed as any other; one that gets another script is changed', async () => {
    const script = (words: string) => `/AA << /F << /S /JavaScript /JS (${words}) >> >>`;
    const fieldOf = (name: string, more = '') =>
      `<< /Type /Annot /Subtype /Widget /FT /Sig /T (${name}) /F 132 /P 3 0 R /Rect [0 0 0 0] ${more} >>`;
    const file = rawPdf({
      objects: [
        ...onePageObjects({
          catalog: '/AcroForm << /Fields [4 0 R 5 0 R] /SigFlags 3 >>',
          page: '/Annots [4 0 R 5 0 R]',
        }),
        fieldOf('Nguoi ky'),
        fieldOf('Co quan', script('app.beep(1)')),
      ],
    });
    const path = await shop.write('scripted.pdf', file);
    const first = await shop.sign(path, 'scripted-1.pdf', { fieldName: 'Nguoi ky' });
    const second = await shop.sign(first, 'scripted-2.pdf', { fieldName: 'Co quan' });
    const report = await shop.verify(second);
    expect(report.verdict).toBe('valid');
    expect(report.signatures.map(({ later }) => later)).toEqual(['permitted', 'none']);
    const other = new PdfDict({ F: new PdfDict({ S: new PdfName('JavaScript'), JS: textString('x') }) });
    const changed = await appendUpdate(second, set(5, { AA: other }));
    expect((await shop.verify(await shop.write('scripted-3.pdf', changed))).verdict).toBe('invalid');
  });

  it('a second signature behind P=1, and one that writes over text', async () => {
    const second = await signWithRules(shop, files.get('P1') ?? '', 'p1.pdf', { fieldName: 'Second' });
    expect((await shop.verify(second)).signatures[0]).toMatchObject({
      indication: 'TOTAL_FAILED',
      changes: expect.arrayContaining([expect.objectContaining({ class: 'new-signature' })]) as unknown,
    });
  });

  it('reads a range that signs the angle brackets, and no other odd range', async () => {
    const both = await signWithRules(shop, form, 'brackets.pdf', { brackets: 'signed' });
    const report = await shop.verify(both);
    expect(report).toMatchObject({
      verdict: 'valid',
      signatures: [{ level: 'none', coverage: 'whole-file' }],
    });
    const one = await signWithRules(shop, form, 'bracket.pdf', { brackets: 'one-signed' });
    expect((await shop.verify(one)).signatures).toMatchObject([{ subIndication: 'FORMAT_FAILURE' }]);
  });

  it('gives the signed revision to be shown beside the current one', async () => {
    const file = files.get('plain') ?? '';
    const changed = await shop.write('now.pdf', await appendUpdate(file, fill(6, '900')));
    const outputPath = shop.path('then.pdf');
    const bytes = await extractSignedRevision({ path: changed, field: 'Certification', outputPath });
    expect(await readFile(outputPath)).toEqual(await readFile(file));
    expect(bytes).toBe((await readFile(file)).length);
    const again = extractSignedRevision({ path: changed, field: 'Certification', outputPath });
    await expect(again).rejects.toMatchObject({ code: 'general.output-exists' });
    const none = extractSignedRevision({ path: changed, field: 'X', outputPath: shop.path('x.pdf') });
    await expect(none).rejects.toMatchObject({ code: 'verification.no-such-signature' });
  });

  it('gives that of a file of many pages', async () => {
    const many = rawPdf({
      objects: [
        '<< /Type /Catalog /Pages 2 0 R >>',
        `<< /Type /Pages /Count 1200 /Kids [${'3 0 R '.repeat(1200)}] >>`,
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
      ],
    });
    const signed = await shop.sign(await shop.write('many.pdf', many), 'many-signed.pdf', {
      fieldName: 'Agency',
    });
    const revision = { path: signed, field: 'Agency', outputPath: shop.path('many-then.pdf') };
    expect(await extractSignedRevision(revision)).toBe((await readFile(signed)).length);
  });

  it('names object and page of what was changed', async () => {
    const report = await judge('plain', (update) => update.put(new PdfRef(4), shows('900')));
    expect(report.signatures[0]?.changes).toEqual([{ object: '4 0', page: 0, class: 'other' }]);
  });
});
