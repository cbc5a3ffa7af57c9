import { vietnamIso } from '../../shared/clock.ts';
import { statusMeaning, type EdxmlStatusInput, type StatusCode } from '../../sync/edxml/types.ts';
import { type EngineContext, mainAgency } from '../context.ts';

/** What a status message is made from. */
export type StatusParts = Pick<EngineContext, 'actor' | 'clock' | 'database' | 'inbox' | 'outbox'>;

/** Queues a status message about a received e-document; the same code is sent once a document (domain/vietnam.md §5.5). */
export function queueStatus(
  context: StatusParts,
  message: { intakeId: string; documentId: string | null; code: StatusCode; description: string },
): void {
  const header = context.inbox.forIntake(message.intakeId)?.header;
  if (!header) return;
  const agency = mainAgency(context.database);
  const status: EdxmlStatusInput = {
    from: { organId: agency.organId, organizationInCharge: agency.parentName, organName: agency.name },
    to: [header.from],
    responseFor: {
      organId: header.from.organId,
      code: `${header.codeNumber}/${header.codeNotation}`,
      promulgationDate: header.promulgationDate,
      documentId: header.documentId,
    },
    staff: { department: 'Văn thư', staff: context.actor },
    statusCode: message.code,
    description: message.description,
    timestamp: wallClock(context.clock.now()),
  };
  context.outbox.add({
    kind: 'edxml-status',
    label: `${message.code} ${statusMeaning[message.code]}: ${header.codeNumber}/${header.codeNotation}`,
    documentId: message.documentId,
    objectSha256: null,
    effect: `status:${message.intakeId}:${message.code}`,
    body: () => JSON.stringify({ status }),
  });
}

/** What status 03 says. */
export function acceptanceWords(arrival: { number: number; suffix: string }): string {
  return `Đã tiếp nhận, số đến ${arrival.number}${arrival.suffix}`;
}

function wallClock(instant: Date): string {
  return vietnamIso(instant).slice(0, 19).replace('T', ' ');
}
