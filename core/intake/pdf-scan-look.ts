import { type PdfDocument, withPdf } from '../pdf/document.ts';
import { pageResources } from '../pdf/inherited.ts';
import { type PdfDict, PdfName, type PdfObject, PdfStream } from '../pdf/objects.ts';
import { type PdfPage, walkPages } from '../pdf/pages.ts';
import type { Dpi } from './image-scale.ts';
import type { ScanColour } from './scan-page.ts';

/** What a page of a PDF tells of the scan it shows; undefined where it is no scan or does not tell. */
export interface PdfPageLook {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly dpi: Dpi | undefined;
  readonly colour: ScanColour | undefined;
  readonly bitsPerPixel: number | undefined;
}

const SHAPE_TOLERANCE = 0.02;
const MAX_IMAGES = 200;

/**
 * A cheap look at the pictures of a PDF's pages, without decoding: a page whose one largest picture has the page's
 * own shape is taken for a scan, and resolution and colour are that picture's. Synchronous; throws the errors of
 * `core/pdf` for a PDF that cannot be read.
 */
export function lookAtPdf(path: string): PdfPageLook[] {
  return withPdf(path, (pdf) => [...walkPages(pdf)].map((page) => lookAtPage(pdf, page)));
}

function lookAtPage(pdf: PdfDocument, page: PdfPage): PdfPageLook {
  const { left, right, top, bottom } = page.visibleBox;
  const widthInch = ((right - left) * page.userUnit) / 72;
  const heightInch = ((top - bottom) * page.userUnit) / 72;
  const turned = page.rotate % 180 !== 0;
  const picture = pagePicture(pdf, page.dict, widthInch / heightInch);
  return {
    widthMm: (turned ? heightInch : widthInch) * 25.4,
    heightMm: (turned ? widthInch : heightInch) * 25.4,
    dpi: picture && { x: Math.round(picture.width / widthInch), y: Math.round(picture.height / heightInch) },
    colour: picture?.colour,
    bitsPerPixel: picture?.bitsPerPixel,
  };
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly colour: ScanColour | undefined;
  readonly bitsPerPixel: number | undefined;
}

function pagePicture(pdf: PdfDocument, page: PdfDict, shape: number): Picture | undefined {
  const resources = pageResources(pdf, page);
  const objects = resources && pdf.getDict(resources, 'XObject');
  if (!objects) return undefined;
  const pictures: Picture[] = [];
  for (const reference of [...objects.entries.values()].slice(0, MAX_IMAGES)) {
    const object = pdf.resolve(reference);
    if (object instanceof PdfStream && nameOf(pdf.get(object.dict, 'Subtype')) === 'Image') {
      pictures.push(describePicture(pdf, object.dict));
    }
  }
  const largest = pictures.sort((a, b) => b.width * b.height - a.width * a.height)[0];
  if (!largest || largest.height === 0) return undefined;
  const difference = largest.width / largest.height / shape - 1;
  return Math.abs(difference) <= SHAPE_TOLERANCE ? largest : undefined;
}

function describePicture(pdf: PdfDocument, dict: PdfDict): Picture {
  const bits = numberOf(pdf.get(dict, 'BitsPerComponent')) ?? 8;
  const isMask = pdf.get(dict, 'ImageMask') === true;
  const samples = isMask ? 1 : samplesOf(pdf, pdf.get(dict, 'ColorSpace'));
  const oneBit = isMask || (samples === 1 && bits === 1);
  return {
    width: numberOf(pdf.get(dict, 'Width')) ?? 0,
    height: numberOf(pdf.get(dict, 'Height')) ?? 0,
    colour: samples === undefined ? undefined : oneBit ? 'bilevel' : samples === 1 ? 'grey' : 'colour',
    bitsPerPixel: samples === undefined ? undefined : isMask ? 1 : samples * bits,
  };
}

function samplesOf(pdf: PdfDocument, space: PdfObject): number | undefined {
  const name = nameOf(space) ?? (Array.isArray(space) ? nameOf(pdf.resolve(space[0])) : undefined);
  const second = Array.isArray(space) ? pdf.resolve(space[1]) : null;
  switch (name) {
    case 'DeviceGray':
    case 'CalGray':
    case 'G':
      return 1;
    case 'DeviceRGB':
    case 'CalRGB':
    case 'Lab':
    case 'RGB':
      return 3;
    case 'DeviceCMYK':
    case 'CMYK':
      return 4;
    case 'ICCBased':
      return second instanceof PdfStream ? numberOf(pdf.get(second.dict, 'N')) : undefined;
    case 'Indexed':
    case 'I':
      return samplesOf(pdf, second);
    default:
      return undefined;
  }
}

function nameOf(object: PdfObject): string | undefined {
  return object instanceof PdfName ? object.value : undefined;
}

function numberOf(object: PdfObject): number | undefined {
  return typeof object === 'number' && Number.isFinite(object) ? object : undefined;
}
