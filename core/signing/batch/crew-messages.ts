import type { ErrorValue } from '../../contract/errors/value.ts';
import type { KeyDescription, SignRequest } from '../../ports/signing-key.ts';
import type { VerificationOptions } from '../../verification/verification-options.ts';
import type { SignedPdf, SignPdfOptions } from '../sign-pdf.ts';

/*
 * Between a signing crew and its threads: values of this program to itself, so they are typed and not parsed. Nothing of a
 * PIN or a private key is among them.
 */

/** What a thread is started with: how it judges what it has signed. */
export type CrewSetup = Omit<VerificationOptions, 'now'>;

/** A file to be signed at B-B: the level at which nobody but the key is asked. */
export type CrewFile = Omit<
  SignPdfOptions,
  'key' | 'level' | 'verify' | 'syncName' | 'tsa' | 'trust' | 'revocation'
>;

export type ToThread =
  /** `key` where it is known already: the same as the last one that was told. Else it follows. */
  | { readonly kind: 'file'; readonly id: number; readonly file: CrewFile; readonly key?: 'same' }
  /** The key that this and later files are signed with; `same` as the last one that was told. */
  | { readonly kind: 'key'; readonly id: number; readonly key: KeyDescription | 'same' }
  | { readonly kind: 'signature'; readonly id: number; readonly signature: Uint8Array }
  /** There is no key, or no signature. */
  | { readonly kind: 'refused'; readonly id: number; readonly error: ErrorValue };

export type FromThread =
  | { readonly kind: 'sign'; readonly id: number; readonly request: SignRequest }
  /** The file has its name, which is not yet durable: the folder is the crew's to sync. */
  | { readonly kind: 'signed'; readonly id: number; readonly signed: SignedPdf }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorValue };
