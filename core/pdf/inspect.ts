import { z } from 'zod';
import { AnThuError } from '../shared/errors.ts';
import { withPdf, type PdfDocument } from './document.ts';
import { walkFormFields } from './form-fields.ts';
import type { PdfLimits } from './limits.ts';
import { isName, PdfDict, PdfName, PdfString, textOf, type PdfObject } from './objects.ts';
import { displayedSizeMm, walkPages } from './pages.ts';
import { readSignatureFields } from './signature-fields.ts';

/** Sizes are listed for so many pages. */
const LISTED_SIZES = 200;

const warningCodes = [
  'page-count-differs',
  'data-after-end',
  'duplicate-keys',
  'open-action',
  'empty-signature-field',
] as const;

export const pdfInspectionSchema = z.object({
  /** The higher of the header's and the catalog's version, `1.7`. */
  version: z.string(),
  pages: z.number().int().positive(),
  /** As shown, after crop and rotation, in millimetres rounded to 0.1; the first 200 pages. */
  pageSizesMm: z.array(z.object({ width: z.number(), height: z.number() })),
  encrypted: z.boolean(),
  /** A signature field holds a signature with a /ByteRange. */
  signed: z.boolean(),
  hasAcroForm: z.boolean(),
  hasXfa: z.boolean(),
  javascript: z.boolean(),
  xrefKind: z.enum(['table', 'stream', 'hybrid']),
  producer: z.string().optional(),
  warnings: z.array(z.enum(warningCodes)),
});

/** What intake wants to know of a PDF before anything else touches it. */
export type PdfInspection = z.infer<typeof pdfInspectionSchema>;

/**
 * Reads a PDF's structure strictly and describes it. Synchronous; run it in a worker process on files from
 * outside. Throws `pdf.not-pdf`, `pdf.damaged`, `pdf.encrypted`, `pdf.no-pages`, `pdf.too-many-pages`,
 * `pdf.limit`, `general.no-such-input`.
 */
export function inspectPdf(path: string, caps: Partial<PdfLimits> = {}): PdfInspection {
  return withPdf(path, inspectDocument, { limits: caps });
}

/** The same for a document already open. */
export function inspectDocument(pdf: PdfDocument): PdfInspection {
  const catalog = pdf.catalog();
  const form = pdf.getDict(catalog, 'AcroForm');
  const warnings = new Set<(typeof warningCodes)[number]>();
  const pageSizesMm: { width: number; height: number }[] = [];
  let pages = 0;
  let javascript = hasJavascript(pdf, catalog);
  for (const page of walkPages(pdf)) {
    pages++;
    if (pageSizesMm.length < LISTED_SIZES) {
      const { width, height } = displayedSizeMm(page);
      pageSizesMm.push({ width: tenth(width), height: tenth(height) });
    }
    javascript ||= hasJavascriptActions(pdf, page.dict);
    if (page.dict.duplicates.length > 0) warnings.add('duplicate-keys');
  }
  if (pages === 0) throw new AnThuError('pdf.no-pages');
  if (catalog.duplicates.length > 0) warnings.add('duplicate-keys');
  if (pdf.get(catalog, 'OpenAction') instanceof PdfDict) warnings.add('open-action');
  const root = pdf.getDict(catalog, 'Pages');
  if (root && pdf.get(root, 'Count') !== pages) warnings.add('page-count-differs');
  if (!endsWithMarker(pdf)) warnings.add('data-after-end');
  for (const field of walkFormFields(pdf)) javascript ||= hasJavascriptActions(pdf, field.dict);
  const signatures = readSignatureFields(pdf);
  if (signatures.some(({ signature }) => !signature)) warnings.add('empty-signature-field');
  return {
    version: versionOf(pdf, catalog),
    pages,
    pageSizesMm,
    encrypted: false,
    signed: signatures.some(({ signature }) => signature?.byteRange),
    hasAcroForm: form !== undefined,
    hasXfa: form !== undefined && pdf.get(form, 'XFA') !== null,
    javascript,
    xrefKind: pdf.sections[0]?.hidden ? 'hybrid' : (pdf.sections[0]?.kind ?? 'table'),
    producer: producerOf(pdf),
    warnings: [...warnings],
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function versionOf(pdf: PdfDocument, catalog: PdfDict): string {
  const raised = pdf.get(catalog, 'Version');
  return raised instanceof PdfName && raised.value > pdf.headerVersion ? raised.value : pdf.headerVersion;
}

function producerOf(pdf: PdfDocument): string | undefined {
  const info = pdf.resolve(pdf.trailer.get('Info'));
  const producer = info instanceof PdfDict ? pdf.get(info, 'Producer') : null;
  return producer instanceof PdfString ? textOf(producer).slice(0, 200) : undefined;
}

function endsWithMarker(pdf: PdfDocument): boolean {
  const tail = pdf.source.read(Math.max(0, pdf.source.size - 16), 16).toString('latin1');
  return /%%EOF\s*$/.test(tail);
}

function hasJavascript(pdf: PdfDocument, catalog: PdfDict): boolean {
  const names = pdf.getDict(catalog, 'Names');
  if (names && pdf.get(names, 'JavaScript') !== null) return true;
  return isJavascript(pdf, pdf.get(catalog, 'OpenAction')) || hasJavascriptActions(pdf, catalog);
}

/** True when an action of /A or /AA is a script. */
function hasJavascriptActions(pdf: PdfDocument, dict: PdfDict): boolean {
  if (isJavascript(pdf, pdf.get(dict, 'A'))) return true;
  const additional = pdf.getDict(dict, 'AA');
  if (!additional) return false;
  return [...additional.entries.values()].some((action) => isJavascript(pdf, pdf.resolve(action)));
}

function isJavascript(pdf: PdfDocument, action: PdfObject): boolean {
  return action instanceof PdfDict && isName(pdf.get(action, 'S'), 'JavaScript');
}
