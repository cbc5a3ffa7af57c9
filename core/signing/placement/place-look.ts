import { withPdf } from '../../pdf/document.ts';
import { readSignatureFields } from '../../pdf/signature-fields.ts';
import type { PageReader, PageRenderer, PageText } from '../../ports/page-reader.ts';
import type { SignatureAppearance } from '../appearance/look-schema.ts';
import { groundOf } from './ground.ts';
import { pageNumbered } from './other-fields.ts';
import { leaderField } from './plan-look.ts';
import {
  proposePlacement,
  type PlacementProposal,
  type ProposePlacementOptions,
} from './propose-placement.ts';
import { resolvePlacement, unlessUnreadable, type ResolvedPlacement } from './resolve-placement.ts';

export interface PlaceLookOptions {
  readonly pdfPath: string;
  readonly appearance: SignatureAppearance;
  readonly signingTime: Date;
  readonly pages: PageReader & PageRenderer;
  /** When the file has a field of this name, that is the place. */
  readonly fieldName?: string | undefined;
  /** Spelled as in the certificate or the register; helps to find the place. */
  readonly signerName?: string | undefined;
  /** Of an encrypted file. */
  readonly password?: string | undefined;
}

/**
 * The whole way to a place: a picture without `place.rect` is put where the signer's name and title are read on its
 * page (a seal: beside the leader's picture, when there is one), then the place is held against what is printed there.
 * Throws what proposePlacement, resolvePlacement and the reader throw.
 */
export async function placeLook(options: PlaceLookOptions): Promise<ResolvedPlacement> {
  const { pdfPath, appearance, signingTime, pages, password } = options;
  if (appearance.kind !== 'arrival-stamp' && hasField(options)) return { appearance, warnings: [] };
  const proposed = await withProposal(options);
  const resolved = await resolvePlacement({
    pdfPath,
    appearance: proposed?.appearance ?? appearance,
    signingTime,
    renderer: pages,
    password,
  });
  return { ...resolved, warnings: [...(proposed?.warnings ?? []), ...resolved.warnings] };
}

function hasField({ pdfPath, fieldName, password }: PlaceLookOptions): boolean {
  if (fieldName === undefined) return false;
  const name = fieldName.normalize('NFC');
  return withPdf(
    pdfPath,
    (pdf) => readSignatureFields(pdf).some((field) => field.fieldName.normalize('NFC') === name),
    { password },
  );
}

async function withProposal({
  pdfPath,
  appearance: look,
  pages,
  signerName,
  password,
}: PlaceLookOptions): Promise<ResolvedPlacement | undefined> {
  if ((look.kind !== 'leader' && look.kind !== 'agency-seal') || look.place?.rect) return undefined;
  if (
    look.kind === 'agency-seal' &&
    withPdf(pdfPath, (pdf) => leaderField(groundOf(pdf, look)), { password })
  )
    return undefined;
  const proposal = await proposeOn(pages, {
    pdfPath,
    pageTexts: [],
    signerName,
    password,
    look: look.kind,
    ...(look.kind === 'agency-seal' && look.diameterMm !== undefined && { diameterMm: look.diameterMm }),
    from: withPdf(pdfPath, (pdf) => pageNumbered(pdf, look.place?.page ?? 'last').number, { password }),
    most: look.place?.page === undefined ? PAGES_READ : 1,
  });
  if (!proposal) return undefined;
  const { box, page, reasons, warnings } = proposal;
  // A place that is only usual may be moved to a free spot; the warning comes from there.
  if (reasons.includes('usual-place')) return { appearance: { ...look, place: { page } }, warnings: [] };
  return { appearance: { ...look, place: { page, rect: box } }, warnings };
}

/** An annex in the same file may follow the signer's page; further back than this nobody is looked for. */
const PAGES_READ = 8;

/** Reads backwards from a page until title and name of the signer are found; undefined when nothing can be read. */
async function proposeOn(
  pages: PageReader,
  { from, most, ...options }: ProposePlacementOptions & { readonly from: number; readonly most: number },
): Promise<PlacementProposal | undefined> {
  const pageTexts: PageText[] = [];
  let proposal: PlacementProposal | undefined;
  for (let number = from; number >= Math.max(1, from - most + 1); number--) {
    const { pdfPath, password } = options;
    const text = await unlessUnreadable(pages.readPage({ pdfPath, page: number - 1, fraction: 1, password }));
    if (!text) continue;
    pageTexts.push(text);
    proposal = proposePlacement({ ...options, pageTexts });
    if (proposal.reasons.includes('title-above-name') && proposal.confidence > SURE) break;
  }
  return proposal;
}

/** With less, the pages before are read too. */
const SURE = 0.5;
