import type { IntakeItem } from '../../contract/intake.ts';
import type { SignatureAppearance } from '../../signing/prepared-signature.ts';
import { type EngineContext, mainAgency } from '../context.ts';

const LONGEST_FORWARD = 200;

/**
 * Whether the stamp ĐẾN is drawn on a received file: where the office wants that, on our own scans of paper alone –
 * never on what came electronically, and never on a file that bears a signature (domain/vietnam.md §0.5, §1.4).
 */
export function wantsStamp(
  context: Pick<EngineContext, 'settings'>,
  item: Pick<IntakeItem, 'origin' | 'facts'>,
): boolean {
  return (
    context.settings().signing.arrivalStamp === 'draw' &&
    item.origin === 'paper' &&
    item.facts?.signed !== true
  );
}

/** How the agency's signature looks on a registered scan: its text block, and the stamp ĐẾN where the office wants it. */
export function scanLook(context: EngineContext, documentId: string): SignatureAppearance {
  const agencyName = mainAgency(context.database).name;
  const place = context.intake.blockPlace(documentId);
  const intakeId = context.intake.forDocument(documentId);
  const arrival = context.register.forDocument(documentId);
  if (!arrival || intakeId === null || !wantsStamp(context, context.intake.get(intakeId))) {
    // A place that was looked for with the stamp in mind holds the block's own.
    const own = place?.block ? { page: place.page, rect: place.block, ink: place.ink } : place;
    return { kind: 'digitized-arrival', agencyName, place: own };
  }
  const forwardTo = arrival.receiver.trim().slice(0, LONGEST_FORWARD);
  return {
    kind: 'arrival-stamp',
    stamp: {
      agencyName,
      number: `${arrival.number}${arrival.suffix}`,
      date: arrival.arrivalDate,
      ...(forwardTo !== '' && { forwardTo }),
    },
    // A place looked for without the stamp does not fit it: it then goes where the decree has it, and that is said.
    ...(place?.block && { place }),
  };
}
