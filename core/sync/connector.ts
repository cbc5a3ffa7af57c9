import type { EdxmlStatusInput } from './edxml/types.ts';
import type { InboxListing } from './inbox-listing.ts';
import type { ArrivalRecord, Health, InboxItem, ObjectState, Receipt } from './protocol.ts';

export interface ObjectToSend {
  readonly sha256: string;
  readonly path: string;
  readonly bytes: number;
}

/**
 * The province as the sync queue sees it. Every sending method may be repeated with the same operation id as often
 * as needed and has one effect; a returned receipt has been checked against operation and hash.
 * Errors of every method: `sync.server-away`, `sync.server-untrusted`, `sync.server-busy`, `sync.server-nonsense`, `sync.not-authorised`,
 * `sync.refused`; what to do about each: `handlingOf`.
 */
export interface ProvincialConnector {
  health(): Promise<Health>;
  /** Sends what the server does not have yet. Error: `sync.object-changed` when the file is not what was recorded. */
  uploadObject(object: ObjectToSend): Promise<ObjectState>;
  /** The object must be uploaded before. Errors: `sync.conflict`, `sync.wrong-receipt`. */
  sendArrivalRecord(operationId: string, record: ArrivalRecord): Promise<Receipt>;
  /** An edXML package from a file. Errors: `sync.object-changed`, `sync.conflict`, `sync.wrong-receipt`. */
  sendEdxml(operationId: string, edxml: ObjectToSend): Promise<Receipt>;
  /** The same fields give the same bytes, so store the status (with its timestamp) before the first try. */
  sendStatus(operationId: string, status: EdxmlStatusInput): Promise<Receipt>;
  /** Everything not yet acknowledged, oldest first, each id once; rows that cannot be read cost only themselves. */
  listInbox(options?: { readonly since?: number }): Promise<InboxListing>;
  /** Downloads to `toPath` (temporary name, hash check, fsync, rename). Error: `sync.hash-mismatch`. */
  fetchPackage(item: Pick<InboxItem, 'id' | 'sha256' | 'bytes'>, toPath: string): Promise<void>;
  /** Call only after the package is stored here for good. May be repeated. */
  acknowledgePackage(item: Pick<InboxItem, 'id' | 'sha256'>): Promise<void>;
}
