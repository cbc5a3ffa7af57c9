import { resolve } from 'node:path';
import { createPageReader, type OcrPageReader } from '../../../native/ocr/client.ts';
import type { SignatureAppearance } from '../../signing/appearance/look-schema.ts';
import type { WantedPurpose } from '../../signing/choice/right-owner.ts';
import { placeLook } from '../../signing/placement/place-look.ts';
import type { ResolvedPlacement } from '../../signing/placement/resolve-placement.ts';
import type { SignPdfOptions } from '../../signing/sign-pdf.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';
import { type CommandArguments, text, usage } from './arguments.ts';

type Place = NonNullable<Exclude<SignatureAppearance, { kind: 'none' }>['place']>;

/** The look that was asked for. Throws `general.usage`. */
export function lookOf(args: CommandArguments): SignatureAppearance {
  const look = text(args, 'as');
  const place = placeOf(args);
  switch (look) {
    case 'none':
      return { kind: 'none' };
    case 'scan':
      return { kind: 'digitized-arrival', agencyName: needed(args, 'agency-name'), place };
    case 'copy':
      return { kind: 'copy', copyForm: copyFormOf(args), agencyName: needed(args, 'agency-name'), place };
    case 'annex':
      return { kind: 'annex', number: needed(args, 'number'), place };
    case 'leader':
      return { kind: 'leader', imagePath: resolve(needed(args, 'image')), place };
    case 'agency':
      return {
        kind: 'agency-seal',
        imagePath: resolve(needed(args, 'image')),
        diameterMm: diameterOf(args),
        place,
      };
    case 'arrival-stamp':
      return {
        kind: 'arrival-stamp',
        stamp: { agencyName: needed(args, 'agency-name'), number: text(args, 'number') },
        place,
      };
    default:
      throw usage(`--as ${look ?? ''}: phải là none, leader, agency, scan, copy, annex hoặc arrival-stamp`);
  }
}

/** Looks that stand for the agency; the leader's stands for a person, the rest for nobody. */
const agencyLooks: ReadonlySet<string> = new Set(['agency', 'scan', 'copy', 'annex', 'arrival-stamp']);

/**
 * Whose certificate the signatures of the command need: what `--purpose` says, else what the look stands for; then only a
 * certificate that states another owner is stopped, not one that merely has such a name. Throws `general.usage`.
 */
export function purposeOf(args: CommandArguments): WantedPurpose | undefined {
  const purpose = text(args, 'purpose');
  if (purpose === 'agency' || purpose === 'person') return { purpose, guesses: 'count' };
  if (purpose !== undefined && purpose !== 'any') throw usage('--purpose phải là agency, person hoặc any');
  const look = text(args, 'as') ?? 'none';
  if (purpose === 'any' || (look !== 'leader' && !agencyLooks.has(look))) return undefined;
  return { purpose: look === 'leader' ? 'person' : 'agency', guesses: 'pass' };
}

/** Finds places for the looks of one command; starts the reading program when it is first needed. */
export class LookPlacer {
  #reader: OcrPageReader | undefined;

  /** Throws what placeLook throws. */
  async place(
    {
      inputPath,
      appearance = { kind: 'none' },
      signingTime,
      fieldName,
      password,
    }: Pick<SignPdfOptions, 'inputPath' | 'appearance' | 'signingTime' | 'fieldName' | 'password'>,
    signerName: string | undefined,
  ): Promise<ResolvedPlacement> {
    if (appearance.kind === 'none') return { appearance, warnings: [] };
    this.#reader ??= createPageReader({ spawner: createNodeSpawner() });
    return placeLook({
      pdfPath: inputPath,
      appearance,
      signingTime: new Date(signingTime),
      pages: this.#reader,
      signerName,
      fieldName,
      password,
    });
  }

  close(): void {
    this.#reader?.stop();
  }
}

function needed(args: CommandArguments, name: string): string {
  const value = text(args, name)?.trim();
  if (!value) throw usage(`--as ${text(args, 'as') ?? ''} cần --${name}`);
  return value;
}

function copyFormOf(args: CommandArguments): 'sao-y' | 'sao-luc' | 'trich-sao' {
  const form = needed(args, 'copy-form');
  if (form !== 'sao-y' && form !== 'sao-luc' && form !== 'trich-sao')
    throw usage('--copy-form phải là sao-y, sao-luc hoặc trich-sao');
  return form;
}

function diameterOf(args: CommandArguments): number | undefined {
  const value = text(args, 'diameter');
  if (value === undefined) return undefined;
  const diameter = Number(value);
  if (!(diameter >= 15 && diameter <= 60)) throw usage('--diameter tính bằng mm, từ 15 đến 60');
  return diameter;
}

function placeOf(args: CommandArguments): Place | undefined {
  const page = text(args, 'page');
  const rect = text(args, 'rect');
  if (page === undefined && rect === undefined) return undefined;
  if (page !== undefined && page !== 'last' && !/^[1-9]\d{0,5}$/.test(page))
    throw usage('--page phải là số trang hoặc last');
  return {
    ...(page !== undefined && { page: page === 'last' ? page : Number(page) }),
    ...(rect !== undefined && { rect: rectOf(rect) }),
  };
}

/** `x,y,w,h` in millimetres from the page's top left as displayed. Throws `general.usage`. */
export function rectOf(value: string, option = '--rect'): NonNullable<Place['rect']> {
  const [x, y, w, h, ...more] = value.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isBox = [x, y, w, h].every((number) => number !== undefined && Number.isFinite(number));
  if (!isBox || more.length > 0 || !(w! > 0) || !(h! > 0))
    throw usage(`${option} phải là x,y,w,h (mm, tính từ góc trên bên trái của trang)`);
  return { x: x!, y: y!, w: w!, h: h! };
}
