import type { Agency } from '../contract/system.ts';
import type { Arrival } from '../contract/register.ts';
import type { ArrivalRecord } from './protocol.ts';

/** What the office tells the province of a registered and sealed paper arrival (fields of PL VI, domain/vietnam.md §2.1). */
export function arrivalRecord(input: {
  operationId: string;
  action: ArrivalRecord['action'];
  agency: Agency;
  officeId: string;
  arrival: Arrival;
  registerCode: string;
  pages: number;
  sealed: { sha256: string; bytes: number };
  originalSha256: string;
  registeredBy: string;
}): ArrivalRecord {
  const { agency, arrival } = input;
  return {
    version: 1,
    operationId: input.operationId,
    action: input.action,
    office: { officeId: input.officeId, organId: agency.organId, organName: agency.name },
    register: { code: input.registerCode, year: arrival.year },
    arrivalNumber: arrival.number,
    arrivalSuffix: arrival.suffix,
    arrivalDate: arrival.arrivalDate,
    typeName: arrival.typeName,
    codeNumber: arrival.docNumber,
    codeNotation: arrival.docNotation,
    issuedDate: arrival.docDate,
    organName: arrival.issuer,
    organId: null,
    subject: arrival.subject,
    language: 'Tiếng Việt',
    pageAmount: input.pages,
    description: arrival.note,
    signer: { position: '', fullName: arrival.signerName, competence: '' },
    urgency: arrival.urgency,
    toPlaces: arrival.receiver,
    opinions: [],
    dueDate: arrival.dueDate,
    fileCode: null,
    docOrdinal: null,
    confidenceLevel: arrival.origin === 'paper' ? '02' : '01',
    object: { ...input.sealed, mediaType: 'application/pdf' },
    originalSha256: input.originalSha256,
    voidReason: input.action === 'void' ? arrival.voidReason : null,
    registeredAt: arrival.registeredAt,
    registeredBy: input.registeredBy,
  };
}
