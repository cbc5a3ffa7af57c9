import { z } from 'zod';
import type { PdfDocument } from '../../pdf/document.ts';
import { IncrementalUpdate, type BuiltUpdate } from '../../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfString, textString } from '../../pdf/objects.ts';
import { displayedSizeMm, walkPages, type PdfPage } from '../../pdf/pages.ts';
import { AnThuError } from '../../shared/errors.ts';
import { takenNames } from '../field-names.ts';
import { addToForm, addToPage } from '../form-widgets.ts';
import { isInside, mmBoxSchema, toUserSpace, uprightMatrix } from '../placement/page-geometry.ts';
import { writeUpdatedFile, type UpdatedFile, type UpdateFileOptions } from '../part-file.ts';
import { checkSignable } from '../preconditions.ts';
import { drawValue, simpleFont, type FieldLook } from './field-look.ts';
import { addFillFont } from './fill-font.ts';

/** Name of the fill font among the form's resources. */
const FONT_NAME = 'AnThuSo';
/** Print. */
const WIDGET_FLAGS = 4;

const numberFieldSchema = z.object({
  /** Of the field; no dots. */
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^.]+$/),
  /** From 1. */
  page: z.number().int().positive().default(1),
  /** Millimetres from the page's top left as displayed. */
  rect: mmBoxSchema,
  /** Points; the size of số and ngày in Nghị định 30 is 13 (ô 3) or 13–14 italic (ô 4). */
  fontSize: z.number().min(6).max(30).default(13),
  align: z.enum(['left', 'center', 'right']).default('left'),
});
/** An empty field for a number or a date. */
export type NumberField = z.input<typeof numberFieldSchema>;

/** What may be prepared at once. */
export const numberFieldsSchema = z.array(numberFieldSchema).min(1).max(20);

export interface PrepareNumberFieldsOptions extends UpdateFileOptions {
  readonly fields: readonly NumberField[];
}

/**
 * Adds empty text fields for số and ngày to a file that nobody has signed yet: the leader signs first, the clerk fills
 * them in, the agency seals (domain/vietnam.md §1.3, "Number and date are filled in before the agency signs"). The
 * font they are filled with is embedded now, since nothing but values may be added later. Throws
 * `signing.fields-after-signature`, `signing.field-exists`, `signing.no-such-page`, `signing.outside-page`, and what
 * {@link writeUpdatedFile} throws.
 */
export function prepareNumberFields(options: PrepareNumberFieldsOptions): Promise<UpdatedFile> {
  const fields = numberFieldsSchema.parse(options.fields);
  return writeUpdatedFile(options, (pdf) => buildNumberFields(pdf, fields));
}

async function buildNumberFields(
  pdf: PdfDocument,
  fields: readonly z.output<typeof numberFieldSchema>[],
): Promise<BuiltUpdate> {
  const { signed } = checkSignable(pdf, { kind: 'none' });
  if (signed.length > 0) throw new AnThuError('signing.fields-after-signature');
  const taken = takenNames(pdf, signed);
  const update = new IncrementalUpdate(pdf);
  const font = existingFont(pdf) ?? (await addFillFont(update));
  const added = fields.map((field) => {
    if (taken.has(field.name)) throw new AnThuError('signing.field-exists', { field: field.name });
    taken.add(field.name);
    const page = pageNumbered(pdf, field.page);
    const { width, height } = displayedSizeMm(page);
    if (!isInside(field.rect, { width, height })) {
      throw new AnThuError('signing.outside-page', { page: field.page, width, height });
    }
    const ref = update.add(numberField(update, page, field, font));
    addToPage(update, page, ref);
    return ref;
  });
  addToForm(pdf, update, added, { sigFlags: 0, entries: { DR: resourcesWith(pdf, font) } });
  return update.build();
}

function numberField(
  update: IncrementalUpdate,
  page: PdfPage,
  field: z.output<typeof numberFieldSchema>,
  font: PdfRef,
): PdfDict {
  const { left, bottom, right, top } = toUserSpace(page, field.rect);
  const rect = [left, bottom, right, top].map((value) => Math.round(value * 1000) / 1000);
  const [across, up] = [(rect[2] ?? 0) - (rect[0] ?? 0), (rect[3] ?? 0) - (rect[1] ?? 0)];
  const isTurned = page.rotate % 180 !== 0;
  const size = field.fontSize / page.userUnit;
  const look: FieldLook = { font: simpleFont(FONT_NAME, font, () => 0), size, align: field.align };
  const box = {
    width: isTurned ? up : across,
    height: isTurned ? across : up,
    matrix: uprightMatrix(page),
  };
  return new PdfDict({
    Type: new PdfName('Annot'),
    Subtype: new PdfName('Widget'),
    FT: new PdfName('Tx'),
    T: textString(field.name.normalize('NFC')),
    F: WIDGET_FLAGS,
    P: page.ref ?? null,
    Rect: rect,
    DA: new PdfString(Buffer.from(`/${FONT_NAME} ${size} Tf 0 g`, 'latin1')),
    Q: { left: 0, center: 1, right: 2 }[field.align],
    MK: new PdfDict({ R: page.rotate }),
    AP: new PdfDict({ N: update.add(drawValue('', look, box)) }),
  });
}

function pageNumbered(pdf: PdfDocument, wanted: number): PdfPage {
  let number = 0;
  for (const page of walkPages(pdf)) if (++number === wanted) return page;
  throw new AnThuError('signing.no-such-page', { page: wanted, pages: number });
}

/** The font of an earlier preparation of the same file. */
function existingFont(pdf: PdfDocument): PdfRef | undefined {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm');
  const resources = form && pdf.getDict(form, 'DR');
  const font = resources && pdf.getDict(resources, 'Font')?.get(FONT_NAME);
  return font instanceof PdfRef ? font : undefined;
}

function resourcesWith(pdf: PdfDocument, font: PdfRef): PdfDict {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm');
  const resources = (form && pdf.getDict(form, 'DR')) ?? new PdfDict();
  const fonts = pdf.getDict(resources, 'Font') ?? new PdfDict();
  return resources.with({ Font: fonts.with({ [FONT_NAME]: font }) });
}
