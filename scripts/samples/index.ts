import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openPdf } from '../../native/raster/pdf-document.ts';
import { drawLetter } from './draw-letter.ts';
import { defaultNames, truthOf, type Letter, type SampleNames, type SampleTruth } from './letter.ts';
import {
  decision,
  invitation,
  letterAboutSecrets,
  officialLetter,
  announcement,
  secretLetter,
  urgentLetter,
  type LetterContext,
} from './letters.ts';
import { seededRandom } from './prng.ts';
import { officeScanLook, scanPage, type RgbPicture } from './scan-look.ts';
import { scanExtensions, writeScan, type ScanForm } from './write-scan.ts';

export type { SampleNames, SampleTruth } from './letter.ts';
export type { ScanForm } from './write-scan.ts';

export interface SampleOptions {
  /** The same seed and day give the same files. */
  readonly seed: number;
  /** `yyyy-MM-dd` of the arrival; the letters are dated one to five days before. */
  readonly today: string;
  readonly names?: Partial<SampleNames>;
}

export interface SampleFile {
  readonly path: string;
  /** Also written beside the file as `<name>.truth.json`. */
  readonly truth: SampleTruth;
}

export interface ScanShape {
  readonly form: ScanForm;
  readonly dpi: 200 | 300;
}

/** Where `<name>.truth.json` of a sample file goes; give a folder of its own when the other one is watched. */
export interface TruthPlace {
  readonly truthDir?: string;
}

function contextOf(options: SampleOptions): LetterContext {
  return {
    names: { ...defaultNames, ...options.names },
    today: options.today,
    random: seededRandom(options.seed),
  };
}

/** Draws, prints, stamps and scans one letter into `dir`. */
async function makeScan(
  dir: string,
  letter: Letter,
  context: LetterContext,
  shape: ScanShape,
  truthDir: string | undefined,
): Promise<SampleFile> {
  const pdf = await drawLetter(letter, context.random, { stamped: 'with-round-stamp' });
  const document = await openPdf(pdf);
  const pages: RgbPicture[] = [];
  try {
    const count = shape.form === 'jpeg' || shape.form === 'png' ? 1 : document.pageCount;
    const look = officeScanLook(context.random);
    for (let page = 0; page < count; page++) {
      const picture = document.withPage(page, (loaded) => loaded.render(shape.dpi));
      pages.push(
        await scanPage(picture, shape.dpi, { ...look, skew: look.skew * (page + 1) * 0.7 }, context.random),
      );
    }
  } finally {
    document.close();
  }
  const path = join(dir, `${letter.slug}-${shape.dpi}.${scanExtensions[shape.form]}`);
  await mkdir(dir, { recursive: true });
  await writeScan(path, shape.form, pages, {
    dpi: shape.dpi,
    date: new Date(`${context.today}T01:30:00Z`),
  });
  return finish(path, truthOf(letter, pages.length, shape.dpi), truthDir ?? dir);
}

async function finish(path: string, truth: SampleTruth, truthDir: string): Promise<SampleFile> {
  await mkdir(truthDir, { recursive: true });
  await writeFile(join(truthDir, `${basename(path)}.truth.json`), `${JSON.stringify(truth, null, 2)}\n`);
  return { path, truth };
}

/**
 * The three sample letters (công văn, quyết định of two pages, giấy mời) as colour scans. By default a PDF at
 * 300 dpi, a two-page TIFF at 200 dpi and a JPEG at 300 dpi; `shapes` gives other forms, in the letters' order.
 */
export async function makeSampleScans(
  dir: string,
  options: SampleOptions & TruthPlace & { readonly shapes?: readonly [ScanShape, ScanShape, ScanShape] },
): Promise<SampleFile[]> {
  const context = contextOf(options);
  const [first, second, third] = options.shapes ?? [
    { form: 'pdf', dpi: 300 },
    { form: 'tiff', dpi: 200 },
    { form: 'jpeg', dpi: 300 },
  ];
  return [
    await makeScan(dir, officialLetter(context), context, first, options.truthDir),
    await makeScan(dir, decision(context), context, second, options.truthDir),
    await makeScan(dir, invitation(context), context, third, options.truthDir),
  ];
}

/** A scan of an (invented, harmless) letter with the red boxed mark MẬT in ô 10a. */
export function makeSecretScan(
  dir: string,
  options: SampleOptions & TruthPlace & { readonly shape?: ScanShape },
): Promise<SampleFile> {
  const context = contextOf(options);
  const shape = options.shape ?? { form: 'pdf', dpi: 200 };
  return makeScan(dir, secretLetter(context), context, shape, options.truthDir);
}

/** A scan of a letter that only speaks of secret documents: not to be quarantined. */
export function makeScanAboutSecrets(
  dir: string,
  options: SampleOptions & TruthPlace & { readonly shape?: ScanShape },
): Promise<SampleFile> {
  const context = contextOf(options);
  const shape = options.shape ?? { form: 'pdf', dpi: 200 };
  return makeScan(dir, letterAboutSecrets(context), context, shape, options.truthDir);
}

/** A scan of a letter with a red boxed urgency mark in ô 10b. */
export function makeUrgentScan(
  dir: string,
  options: SampleOptions &
    TruthPlace & { readonly urgency?: 'khan' | 'thuong-khan' | 'hoa-toc'; readonly shape?: ScanShape },
): Promise<SampleFile> {
  const context = contextOf(options);
  const shape = options.shape ?? { form: 'pdf', dpi: 200 };
  const letter = urgentLetter(context, options.urgency ?? 'hoa-toc');
  return makeScan(dir, letter, context, shape, options.truthDir);
}

/** A born-digital letter (thông báo, vector PDF with text layer, no stamp) for the inbox. */
export async function makeEDocument(dir: string, options: SampleOptions & TruthPlace): Promise<SampleFile> {
  const context = contextOf(options);
  const letter = announcement(context);
  await mkdir(dir, { recursive: true });
  const path = join(dir, `${letter.slug}.pdf`);
  await writeFile(path, await drawLetter(letter, context.random, { stamped: 'without-stamp' }));
  return finish(path, truthOf(letter, 1, null), options.truthDir ?? dir);
}
