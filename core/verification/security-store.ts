import { Asn1Error } from '../asn1/der.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfStream, type PdfDict, type PdfObject } from '../pdf/objects.ts';
import { AnThuError } from '../shared/errors.ts';
import { readCertificates, type Certificate } from '../trust/certificate.ts';
import { readEvidence, type RevocationEvidence } from '../trust/revocation-evidence.ts';

/** What a file brings along to be judged by. */
export interface ValidationMaterial {
  readonly certificates: readonly Certificate[];
  readonly evidence: RevocationEvidence;
}

/** More than any file needs; what stands beyond it is not read. */
const maximumEntries = 2000;
/** Bytes of the whole store. */
const maximumBytes = 128 * 1024 * 1024;
/** One certificate, perhaps as PEM. */
const maximumCertificateBytes = 512 * 1024;

/** Reads the document security store (/DSS) of a revision; what cannot be read proves nothing and is left out. */
export function readSecurityStore(pdf: PdfDocument): ValidationMaterial {
  const store = pdf.getDict(pdf.catalog(), 'DSS');
  const reader = new StoreReader(pdf);
  const certificates = reader.read(store, 'Certs', maximumCertificateBytes).flatMap(readable);
  const responses = reader.read(store, 'OCSPs');
  const lists = reader.read(store, 'CRLs');
  return { certificates, evidence: readEvidence('embedded', { lists, responses }) };
}

class StoreReader {
  readonly #pdf: PdfDocument;
  #left = maximumBytes;

  constructor(pdf: PdfDocument) {
    this.#pdf = pdf;
  }

  /** Longer streams than `most` are left out. */
  read(store: PdfDict | undefined, key: string, most = maximumBytes): Uint8Array[] {
    const list = store ? this.#pdf.get(store, key) : null;
    if (!Array.isArray(list)) return [];
    return list.slice(0, maximumEntries).flatMap((item) => this.#bytes(item, most));
  }

  #bytes(item: PdfObject, most: number): Uint8Array[] {
    if (this.#left <= 0) return [];
    try {
      const stream = this.#pdf.resolve(item);
      if (!(stream instanceof PdfStream)) return [];
      const bytes = this.#pdf.decodeStream(stream);
      this.#left -= bytes.length;
      return bytes.length > most ? [] : [bytes];
    } catch (error) {
      if (error instanceof AnThuError) return [];
      throw error;
    }
  }
}

function readable(bytes: Uint8Array): Certificate[] {
  try {
    return readCertificates(bytes);
  } catch (error) {
    if (error instanceof Asn1Error) return [];
    throw error;
  }
}
