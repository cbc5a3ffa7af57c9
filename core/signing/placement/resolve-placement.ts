import { displayedSizeMm } from '../../pdf/pages.ts';
import { openPdf } from '../../pdf/document.ts';
import type { PageRenderer } from '../../ports/page-reader.ts';
import { readInkPicture } from '../appearance/ink-picture.ts';
import type { AppearanceOf, SignatureAppearance } from '../appearance/look-schema.ts';
import type { SigningWarning } from '../prepared-signature.ts';
import { AnThuError } from '../../shared/errors.ts';
import { groundOf } from './ground.ts';
import { renderInkMap } from './ink-map.ts';
import { leaderField, planLeader, planSeal, planStamp, planText, type Ground } from './plan-look.ts';

export interface ResolvePlacementOptions {
  readonly pdfPath: string;
  readonly appearance: SignatureAppearance;
  readonly signingTime: Date;
  readonly renderer: PageRenderer;
  /** Of an encrypted file. */
  readonly password?: string | undefined;
}

/** A look whose place is fixed and was looked at, to be handed to prepareSignature. */
export interface ResolvedPlacement {
  readonly appearance: SignatureAppearance;
  readonly warnings: readonly SigningWarning[];
}

/**
 * Finds where a look goes with regard to what is printed on the page: the page is rendered, dark pixels and other fields
 * are kept clear of (domain/vietnam.md §1.3), and what could not be is said in a warning (`signing.place-shifted`,
 * `signing.covers-ink`). Parses and renders what came from outside, so run it where prepareSignature runs. Throws what
 * drawAppearance and the renderer throw.
 */
export async function resolvePlacement(options: ResolvePlacementOptions): Promise<ResolvedPlacement> {
  const { pdfPath, appearance: look, signingTime, renderer } = options;
  if (look.kind === 'none' || look.place?.ink === 'checked') return { appearance: look, warnings: [] };
  const pdf = openPdf(pdfPath, { password: options.password });
  try {
    const bare = groundOf(pdf, look);
    const { number, page } = bare.page;
    // The seal is meant to lie on the leader's picture.
    const leader = look.kind === 'agency-seal' ? leaderField(bare) : undefined;
    const ink = await unlessUnreadable(
      renderInkMap(renderer, {
        pdfPath,
        page: number,
        size: displayedSizeMm(page),
        except: leader ? [leader.box] : [],
        password: options.password,
      }),
    );
    const ground: Ground = ink ? { ...bare, ink } : bare;
    const fixed = { page: number, ink: 'checked' as const };
    switch (look.kind) {
      case 'leader': {
        const { box, warnings } = planLeader(
          ground,
          look,
          await readInkPicture(look.imagePath, 'handwriting'),
        );
        return { appearance: { ...look, place: { ...fixed, rect: box } }, warnings };
      }
      case 'agency-seal': {
        const { box, warnings } = planSeal(ground, look, await readInkPicture(look.imagePath, 'seal'));
        return { appearance: { ...look, place: { ...fixed, rect: box } }, warnings };
      }
      case 'arrival-stamp':
        return await resolveStamp(ground, look, signingTime);
      default: {
        const { box, warnings } = await planText(ground, look, signingTime);
        return { appearance: { ...look, place: { ...fixed, rect: box } }, warnings };
      }
    }
  } finally {
    pdf.close();
  }
}

async function resolveStamp(
  ground: Ground,
  look: AppearanceOf<'arrival-stamp'>,
  signingTime: Date,
): Promise<ResolvedPlacement> {
  const stamp = planStamp(ground, look);
  const { agencyName } = look.stamp;
  const block = await planText(ground, { kind: 'digitized-arrival', agencyName }, signingTime, [stamp.box]);
  const place = { page: ground.page.number, ink: 'checked' as const, rect: stamp.box, block: block.box };
  return { appearance: { ...look, place }, warnings: [...stamp.warnings, ...block.warnings] };
}

/** A page that cannot be rendered or read can still be signed; its place is then not checked, which is said. */
export function unlessUnreadable<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((thrown: unknown) => {
    if (thrown instanceof AnThuError && thrown.code.startsWith('reading.')) return undefined;
    throw thrown;
  });
}
