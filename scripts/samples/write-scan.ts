import { writeFile } from 'node:fs/promises';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import type { RgbPicture } from './scan-look.ts';
import { multiPageTiff } from './tiff.ts';

export type ScanForm = 'jpeg' | 'png' | 'pdf' | 'tiff';

export const scanExtensions: Record<ScanForm, string> = {
  jpeg: 'jpg',
  png: 'png',
  pdf: 'pdf',
  tiff: 'tif',
};

/** Encodes one page as a baseline JPEG whose JFIF header bears the density. */
export function encodeJpeg(picture: RgbPicture, dpi: number): Promise<Buffer> {
  return raw(picture)
    .withMetadata({ density: dpi })
    .jpeg({ quality: 80, chromaSubsampling: '4:2:0' })
    .toBuffer();
}

function raw({ width, height, data }: RgbPicture) {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Writes the pages as one file; JPEG and PNG hold the first page only. */
export async function writeScan(
  path: string,
  form: ScanForm,
  pages: readonly RgbPicture[],
  options: { readonly dpi: number; readonly date: Date },
): Promise<void> {
  const first = pages[0];
  if (!first) throw new Error('a scan has at least one page');
  const { dpi, date } = options;
  if (form === 'png') {
    await raw(first).withMetadata({ density: dpi }).png({ compressionLevel: 3 }).toFile(path);
    return;
  }
  const jpegs = await Promise.all((form === 'jpeg' ? [first] : pages).map((page) => encodeJpeg(page, dpi)));
  if (form === 'jpeg') await writeFile(path, jpegs[0]!);
  else if (form === 'pdf') await writeFile(path, await jpegPdf(jpegs, dpi, date));
  else {
    const sizes = pages.map(({ width, height }) => ({ width, height }));
    await writeFile(path, multiPageTiff(jpegs, sizes, dpi));
  }
}

/** A PDF as scanners write it: each page is one JPEG at 100 % scale. */
async function jpegPdf(jpegs: readonly Buffer[], dpi: number, date: Date): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setProducer('An Thu sample scanner');
  document.setCreationDate(date);
  document.setModificationDate(date);
  for (const jpeg of jpegs) {
    const image = await document.embedJpg(jpeg);
    const width = (image.width * 72) / dpi;
    const height = (image.height * 72) / dpi;
    document.addPage([width, height]).drawImage(image, { x: 0, y: 0, width, height });
  }
  return document.save();
}
