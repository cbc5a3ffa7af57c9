import { namesKey } from '../../core/contract/same-key.ts';
import type { Token, TokenKey, TokenModule } from '../../core/contract/token.ts';

/** Where the agency's signing key stands. */
export type SigningKey =
  | { readonly state: 'not-chosen'; readonly uri: null }
  | { readonly state: 'absent'; readonly uri: string }
  | {
      readonly state: 'locked' | 'unlocked';
      readonly uri: string;
      readonly token: Token;
      readonly key: TokenKey;
    };

/** Finds the chosen key among what is plugged in. */
export function findSigningKey(keyUri: string | null, modules: readonly TokenModule[]): SigningKey {
  if (keyUri === null) return { state: 'not-chosen', uri: null };
  for (const { path, tokens } of modules)
    for (const token of tokens) {
      const key = token.keys.find((candidate) => namesKey(keyUri, candidate, token, path));
      if (key) return { state: token.unlocked ? 'unlocked' : 'locked', uri: keyUri, token, key };
    }
  return { state: 'absent', uri: keyUri };
}

/** A name for the key that people know it by. */
export function keyName(key: TokenKey): string {
  return key.certificate?.commonName || key.label || key.uri;
}
