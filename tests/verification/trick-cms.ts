import { createHash, createPrivateKey, sign as signData, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  contextConstructed,
  encode,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tag,
} from '../../core/asn1/der.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { digestBytes } from '../../core/trust/digest.ts';
import { oids } from '../../core/trust/oids.ts';
import type { VerificationOptions } from '../../core/verification/verify-pdf.ts';
import { issueToken } from '../../scripts/pki/tsa.ts';
import { only, type Workshop } from './signed-files.ts';

/** Digests that tricks are made with. */
export type TrickDigest = 'sha256' | 'sha512' | 'shake256' | 'sha1' | 'md5';

const digestIds: Readonly<Record<TrickDigest, string>> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha512: '2.16.840.1.101.3.4.2.3',
  shake256: '2.16.840.1.101.3.4.2.12',
  sha1: '1.3.14.3.2.26',
  md5: '1.2.840.113549.2.5',
};
const rsaIds: Readonly<Record<TrickDigest, string>> = {
  sha256: '1.2.840.113549.1.1.11',
  sha512: '1.2.840.113549.1.1.13',
  shake256: '1.3.6.1.5.5.7.6.31',
  sha1: '1.2.840.113549.1.1.5',
  md5: '1.2.840.113549.1.1.4',
};
export const digestId = (name: TrickDigest): Uint8Array => sequence(oid(digestIds[name]));
export const rsaId = (name: TrickDigest): Uint8Array => sequence(oid(rsaIds[name]), nullValue());

/** What is odd about a CMS; the rest of it is as it should be. */
export interface Trick {
  readonly digestName?: TrickDigest;
  /** `undefined` in the result leaves the signed attributes out altogether. */
  readonly attributes?: (regular: Uint8Array[], digest: Uint8Array) => Uint8Array[] | undefined;
  readonly keepOrder?: boolean;
  readonly listedDigest?: Uint8Array;
  readonly signerDigest?: Uint8Array;
  readonly signatureId?: Uint8Array;
  readonly signers?: (one: Uint8Array) => Uint8Array[];
  readonly certificates?: Uint8Array[];
  /** Content inside, given the SHA-1 digest of the ranges. */
  readonly content?: (sha1: Uint8Array) => Uint8Array;
  readonly wrap?: (cms: Uint8Array) => Uint8Array;
  /** Another signer than the agency. */
  readonly identity?: { readonly certificate: Uint8Array; readonly key: KeyObject };
  /** The signature value over what is signed; by default of the signer's key. */
  readonly value?: (toSign: Uint8Array, key: KeyObject) => Uint8Array;
  readonly unsigned?: (value: Uint8Array) => Uint8Array[];
  readonly subFilter?: string;
  readonly options?: Partial<VerificationOptions>;
}

export const attribute = (id: string, ...values: Uint8Array[]): Uint8Array =>
  sequence(oid(id), encode(tag.set, ...values));

/** Unsigned attributes with a timestamp of the sample TSA over a signature value, its imprint in any digest. */
export const timestampedWith =
  (shop: Workshop, digestName: TrickDigest, time: Date) =>
  (value: Uint8Array): Uint8Array[] => {
    const hash = digestBytes(digestName, value);
    const imprint = sequence(digestId(digestName), octetString(hash));
    const request = { imprint, nonce: undefined, wantsCertificate: true };
    return [attribute(oids.signatureTimeStamp, issueToken(shop.pki, request, time))];
  };

/** Puts CMS of its own making into one signed letter. */
export class TrickShop {
  readonly #shop: Workshop;
  readonly #signed: Buffer;
  readonly #range: readonly number[];
  readonly certificate: Uint8Array;
  readonly #key: KeyObject;

  private constructor(shop: Workshop, signed: Buffer, certificate: Uint8Array, key: KeyObject) {
    this.#shop = shop;
    this.#signed = signed;
    const match = /\/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)\s*\]/.exec(signed.toString('latin1'));
    this.#range = (match ?? []).slice(1).map(Number);
    this.certificate = certificate;
    this.#key = key;
  }

  /** `base`: the signed file whose CMS is exchanged; a signed letter by default. */
  static async open(shop: Workshop, base?: string): Promise<TrickShop> {
    const signed = await readFile(base ?? (await shop.sign(shop.letter, 'for-tricks.pdf')));
    const certificate = new X509Certificate(await readFile(shop.pki.agency.certificate)).raw;
    return new TrickShop(shop, signed, certificate, createPrivateKey(await readFile(shop.pki.agency.key)));
  }

  /** The signed letter with a CMS of the trick's making, its signature value right unless the trick says else. */
  make(trick: Trick): Buffer {
    const { subFilter = 'ETSI.CAdES.detached', digestName: name = 'sha256' } = trick;
    const copy = Buffer.from(this.#signed);
    const room = '/ETSI.CAdES.detached';
    copy.write(`/${subFilter}`.padEnd(room.length), copy.indexOf(room), 'latin1');
    const [, gapStart = 0, gapEnd = 0] = this.#range;
    const covered = Buffer.concat([copy.subarray(0, gapStart), copy.subarray(gapEnd)]);
    const sha1 = createHash('sha1').update(covered).digest();
    const inside = trick.content?.(sha1);
    const digest = digestBytes(name, inside ?? covered);
    const { certificate, key } = trick.identity ?? { certificate: this.certificate, key: this.#key };
    const hash = createHash('sha256').update(certificate).digest();
    const regular = [
      attribute(oids.contentType, oid(oids.data)),
      attribute(oids.messageDigest, octetString(digest)),
      attribute(oids.signingCertificateV2, sequence(sequence(sequence(octetString(hash))))),
    ];
    const attributes = trick.attributes ? trick.attributes(regular, digest) : regular;
    const set = attributes && (trick.keepOrder ? encode(tag.set, ...attributes) : setOf(attributes));
    const stored = set && Buffer.from(set);
    if (stored) stored[0] = 0xa0;
    const toSign = set ?? inside ?? covered;
    const parsed = parseCertificate(certificate);
    const value = trick.value ? trick.value(toSign, key) : signData(name, toSign, key);
    const unsigned = trick.unsigned?.(value);
    const one = sequence(
      integer(1),
      sequence(parsed.issuer.raw, integer(Buffer.from(parsed.serial.padStart(32, '0'), 'hex'))),
      trick.signerDigest ?? digestId(name),
      ...(stored ? [stored] : []),
      trick.signatureId ?? rsaId(name),
      octetString(value),
      ...(unsigned ? [contextConstructed(1, ...unsigned)] : []),
    );
    const certificates = trick.certificates ?? [certificate, this.#shop.pki.issuing.certificate];
    const cms = sequence(
      oid(oids.signedData),
      contextConstructed(
        0,
        sequence(
          integer(1),
          setOf([trick.listedDigest ?? digestId(name)]),
          sequence(oid(oids.data), ...(inside ? [contextConstructed(0, octetString(inside))] : [])),
          ...(certificates.length > 0 ? [contextConstructed(0, ...certificates)] : []),
          setOf(trick.signers ? trick.signers(one) : [one]),
        ),
      ),
    );
    const bytes = trick.wrap ? trick.wrap(cms) : cms;
    copy.write('0'.repeat(gapEnd - gapStart - 2), gapStart + 1, 'latin1');
    copy.write(Buffer.from(bytes).toString('hex'), gapStart + 1, 'latin1');
    return copy;
  }

  async verify(trick: Trick) {
    const path = await this.#shop.write('trick.pdf', this.make(trick));
    return only(await this.#shop.verify(path, trick.options));
  }
}
