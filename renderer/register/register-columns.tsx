import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import type { Arrival } from '../../core/contract/register.ts';
import { showDate } from '../format/date.ts';
import { showArrivalNumber, showNotation } from '../format/notation.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { ArrivalMark } from './arrival-mark.tsx';
import { UrgentSubject } from './urgent-subject.tsx';

/** A line of the register, or null while it is being fetched. */
export interface RegisterLine {
  readonly index: number;
  readonly arrival: Arrival | null;
}

export const registerFeatures = tableFeatures({});
const helper = createColumnHelper<typeof registerFeatures, RegisterLine>();

/** Class of a column's cells. */
export const cellClass: Readonly<Record<string, string>> = {
  number: 'register-number',
  arrivalDate: 'register-date',
  docDate: 'register-date',
  transferDate: 'register-date',
  state: 'register-state',
};

const text = (id: string, title: MessageKey, show: (arrival: Arrival) => string) =>
  helper.accessor((line) => (line.arrival ? show(line.arrival) : ''), { id, header: title });

/** The ten legal columns in their order (domain/vietnam.md §1.5), then the state. */
export const registerColumns = helper.columns([
  text('number', 'column.number', showArrivalNumber),
  text('arrivalDate', 'column.arrival-date', (arrival) => showDate(arrival.arrivalDate)),
  text('issuer', 'column.issuer', (arrival) => arrival.issuer),
  text('notation', 'column.notation', (arrival) => showNotation(arrival.docNumber, arrival.docNotation)),
  text('docDate', 'column.doc-date', (arrival) => showDate(arrival.docDate)),
  helper.display({
    id: 'subject',
    header: 'column.subject' satisfies MessageKey,
    cell: ({ row }) => (row.original.arrival ? <UrgentSubject arrival={row.original.arrival} /> : '…'),
  }),
  text('receiver', 'column.receiver', (arrival) => arrival.receiver),
  text('transferDate', 'column.transfer-date', (arrival) => showDate(arrival.transferDate)),
  text('receivedBy', 'column.received-by', (arrival) => arrival.receivedBy),
  text('note', 'column.note', (arrival) => arrival.note),
  helper.display({
    id: 'state',
    header: 'column.state' satisfies MessageKey,
    cell: ({ row }) => (row.original.arrival ? <ArrivalMark arrival={row.original.arrival} /> : null),
  }),
]);
