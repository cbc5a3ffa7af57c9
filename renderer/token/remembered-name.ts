import type { Token, TokenKey } from '../../core/contract/token.ts';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import { useProcedure } from '../engine/use-procedure.ts';

/** The line of the office's register for a key: same maker, serial, CKA_ID and certificate, in whatever slot. */
export function entryOf(
  entries: readonly TokenEntry[],
  token: Pick<Token, 'manufacturer' | 'serial'>,
  key: TokenKey,
): TokenEntry | undefined {
  return entries.find(
    (entry) =>
      entry.retiredAt === null &&
      entry.fingerprint === key.certificate?.fingerprint &&
      entry.keyId === key.id &&
      entry.serial === token.serial &&
      entry.manufacturer === token.manufacturer,
  );
}

/** What the office calls a key's token ("token của Chủ tịch"); null when it is not in the register. */
export function useRememberedName(token: Token | undefined, key: TokenKey | undefined): string | null {
  const entries = useProcedure('token-register.list', {}).data?.entries ?? [];
  return token && key ? (entryOf(entries, token, key)?.name ?? null) : null;
}
