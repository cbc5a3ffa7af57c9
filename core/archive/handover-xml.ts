import { documentTypes } from '../contract/document-types.ts';
import { shownDate, vietnamIso } from '../shared/clock.ts';
import type { Urgency } from '../contract/reading.ts';
import { element, group, optional, writeXml, type XmlNode } from '../sync/edxml/xml-writer.ts';
import type { Handover, HandoverEntry } from './handover-format.ts';

const NAMESPACE = 'urn:an-thu:archive-export:1';
/** The archives' code for what is none of the listed types (domain/vietnam.md §2.4). */
const OTHER_TYPE = '32';
/** As in edXML, for Decree 30 gives one digit without its meaning (domain/vietnam.md §1.8, §5.2). */
const priorities: Readonly<Record<Urgency, string>> = {
  thuong: '0',
  khan: '1',
  'thuong-khan': '2',
  'hoa-toc': '3',
};

/** D10 of Decree 30: `dd/MM/yyyy`. */
const day = (date: string | null): string | null => date && shownDate(date);

/** Wall clock of Vietnam with its offset, whatever zone the instant was written in. */
const instant = (iso: string | null): string | null => iso && vietnamIso(new Date(iso));

/** The list of contents as XML, UTF-8: the fields of an arrival by their code names, its files, signatures and history. */
export function handoverXml(handover: Handover): string {
  const { agency, selection } = handover;
  const root = element(
    'ArchiveExport',
    [
      element('PackageId', handover.packageId),
      element('CreatedAt', handover.createdAt),
      element('Program', handover.program),
      element('OrganId', agency.organId),
      element('OrganName', agency.name),
      optional('ParentName', agency.parentName),
      element('Register', handover.register),
      optional('Year', selection.year),
      optional('From', day(selection.from)),
      optional('To', day(selection.to)),
      optional('AuditHead', handover.auditHead),
      element('DocTotal', String(handover.entries.length)),
      ...handover.entries.map(entryXml),
    ],
    { xmlns: NAMESPACE },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml(root)}\n`;
}

function entryXml(entry: HandoverEntry): XmlNode {
  const { arrival } = entry;
  const type = documentTypes.find(({ name }) => name.toLowerCase() === arrival.typeName.trim().toLowerCase());
  return element('Document', [
    element('DocOrdinal', String(entry.ordinal)),
    element('DocId', arrival.documentId),
    element('DocCode', entry.code),
    optional('TypeName', arrival.typeName),
    element('TypeCode', type?.archiveCode ?? OTHER_TYPE),
    optional('CodeNumber', arrival.docNumber),
    optional('CodeNotation', arrival.docNotation),
    optional('IssuedDate', day(arrival.docDate)),
    optional('OrganName', arrival.issuer),
    optional('Subject', arrival.subject),
    element('Language', 'Tiếng Việt'),
    optional('PageAmount', entry.pages),
    optional('Description', arrival.note),
    element('ArrivalDate', day(arrival.arrivalDate) ?? ''),
    element('ArrivalNumber', String(arrival.number)),
    optional('ArrivalSuffix', arrival.suffix),
    group('SignerInfo', [optional('FullName', arrival.signerName)]),
    element('Priority', priorities[arrival.urgency]),
    optional('ToPlaces', arrival.receiver),
    optional('TransferDate', day(arrival.transferDate)),
    optional('ReceivedBy', arrival.receivedBy),
    optional('DueDate', day(arrival.dueDate)),
    element('ConfidenceLevel', arrival.origin === 'paper' ? '02' : '01'),
    element('RegisteredAt', instant(arrival.registeredAt) ?? ''),
    group('Voided', [optional('At', instant(arrival.voidedAt)), optional('Reason', arrival.voidReason)]),
    optional('Verdict', entry.verdict),
    optional('CheckedAt', instant(entry.checkedAt)),
    ...entry.signatures.map((signature) =>
      element('Signature', [], present({ ...signature, time: instant(signature.time) })),
    ),
    ...entry.files.map(({ bytes, ...file }) =>
      element('File', [], present({ ...file, bytes: String(bytes) })),
    ),
    ...entry.history.map((line) => element('Event', [], present({ ...line, at: instant(line.at) }))),
  ]);
}

/** Attributes that there are. */
function present(values: Readonly<Record<string, string | null>>): Record<string, string> {
  const there = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(there);
}
