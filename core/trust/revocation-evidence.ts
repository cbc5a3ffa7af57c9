import { Asn1Error } from '../asn1/der.ts';
import { parseCertificateList, type CertificateList } from './certificate-list.ts';
import { parseOcspResponse, type OcspResponse } from './ocsp-message.ts';

/** Where a piece of evidence comes from: the file itself, the caller, or the network just now. */
export type EvidenceSource = 'embedded' | 'given' | 'fetched';

interface Piece<T> {
  readonly value: T;
  readonly source: EvidenceSource;
}

/** Revocation lists and OCSP responses to judge by. */
export interface RevocationEvidence {
  readonly lists: readonly Piece<CertificateList>[];
  readonly responses: readonly Piece<OcspResponse>[];
}

export const noEvidence: RevocationEvidence = { lists: [], responses: [] };

function readAll<T>(
  all: readonly Uint8Array[],
  source: EvidenceSource,
  read: (bytes: Uint8Array) => T,
): Piece<T>[] {
  return all.flatMap((bytes) => {
    try {
      return [{ value: read(bytes), source }];
    } catch (error) {
      if (error instanceof Asn1Error) return []; // what cannot be read proves nothing
      throw error;
    }
  });
}

/** Reads evidence of one source; pieces that cannot be read are left out. */
export function readEvidence(
  source: EvidenceSource,
  bytes: { readonly lists?: readonly Uint8Array[]; readonly responses?: readonly Uint8Array[] },
): RevocationEvidence {
  return {
    lists: readAll(bytes.lists ?? [], source, parseCertificateList),
    responses: readAll(bytes.responses ?? [], source, parseOcspResponse),
  };
}

export function joinEvidence(...all: readonly RevocationEvidence[]): RevocationEvidence {
  return {
    lists: all.flatMap(({ lists }) => lists),
    responses: all.flatMap(({ responses }) => responses),
  };
}
