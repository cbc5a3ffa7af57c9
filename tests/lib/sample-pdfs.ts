import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { degrees, PDFDocument, rgb } from 'pdf-lib';

/** Small PDFs of every cross-reference kind, made with pdf-lib and qpdf in a folder of the test. */
export interface SamplePdfs {
  readonly table: string;
  readonly stream: string;
  readonly linearized: string;
  readonly linearizedStream: string;
  readonly form: string;
  readonly formStream: string;
}

/** Writes the samples into `dir`. */
export async function makeSamplePdfs(dir: string): Promise<SamplePdfs> {
  const path = (name: string): string => join(dir, `${name}.pdf`);
  writeFileSync(path('table'), await letterPdf({ rotate: 0, pages: 2, objectStreams: false }));
  writeFileSync(path('stream'), await letterPdf({ rotate: 0, pages: 2, objectStreams: true }));
  writeFileSync(path('form'), await formPdf(false));
  writeFileSync(path('form-stream'), await formPdf(true));
  execFileSync('qpdf', ['--linearize', path('table'), path('linearized')]);
  execFileSync('qpdf', [
    '--linearize',
    '--object-streams=generate',
    path('table'),
    path('linearized-stream'),
  ]);
  return {
    table: path('table'),
    stream: path('stream'),
    linearized: path('linearized'),
    linearizedStream: path('linearized-stream'),
    form: path('form'),
    formStream: path('form-stream'),
  };
}

export interface LetterOptions {
  readonly rotate: 0 | 90 | 180 | 270;
  readonly pages: number;
  readonly objectStreams: boolean;
  /** Lower left corner and size of a CropBox. */
  readonly crop?: readonly [number, number, number, number];
}

/** A4 pages with a frame, so that a picture shows where the paper's edge is. */
export async function letterPdf({ rotate, pages, objectStreams, crop }: LetterOptions): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i++) {
    const page = document.addPage([595.28, 841.89]);
    page.setRotation(degrees(rotate));
    page.drawRectangle({ x: 40, y: 40, width: 515, height: 760, borderWidth: 1, borderColor: rgb(0, 0, 1) });
    page.drawText(`Page ${i + 1}`, { x: 60, y: 760, size: 12 });
    if (crop) page.setCropBox(...crop);
  }
  return document.save({ useObjectStreams: objectStreams });
}

async function formPdf(objectStreams: boolean): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage([595.28, 841.89]);
  const field = document.getForm().createTextField('SoDen');
  field.setText('12');
  field.addToPage(page, { x: 60, y: 600, width: 120, height: 20 });
  return document.save({ useObjectStreams: objectStreams });
}
