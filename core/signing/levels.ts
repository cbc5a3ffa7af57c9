import type { ErrorValue } from '../contract/errors/value.ts';
import { padesLevels } from '../contract/pades-levels.ts';
import type { SignatureLevel } from '../contract/verification.ts';
import type { SigningTrust } from './validation-data.ts';
import type { RevocationClientOptions } from './revocation-client.ts';
import type { TsaPatience } from './tsa-patience.ts';

/** PAdES baseline levels (EN 319 142-1). */
export type PadesLevel = Exclude<SignatureLevel, 'none'>;

const ascending: readonly SignatureLevel[] = ['none', ...padesLevels];

/** Whether a level is the wanted one or a higher one. */
export function reaches(level: SignatureLevel, wanted: SignatureLevel): boolean {
  return ascending.indexOf(level) >= ascending.indexOf(wanted);
}

/** What was asked for and could not be had for want of a service. */
export type PendingPart = 'timestamp' | 'revocation';

/** The services that the levels above B-B rest on. */
export interface LevelServices {
  /** Needed from B-T on; without it the timestamp stays pending. */
  readonly tsa?: {
    readonly url: string;
    readonly deadlineMs?: number;
    /** Shared by the files of a batch. */
    readonly patience?: TsaPatience;
  };
  /** Needed from B-LT on; without it the validation data stays pending. */
  readonly trust?: SigningTrust;
  readonly revocation?: RevocationClientOptions;
}

/** What was reached, and what is missing and why. */
export interface ReachedLevel {
  readonly level: PadesLevel;
  readonly pending: readonly PendingPart[];
  readonly timestampError?: ErrorValue;
  readonly revocationError?: ErrorValue;
}
