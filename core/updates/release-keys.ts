import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import pinned from '../../resources/release-keys.json' with { type: 'json' };
import type { ReleaseKeys } from './update-bundle.ts';

const releaseKeysSchema = z.array(
  z.strictObject({
    id: z.string().regex(/^[\w-]{1,64}$/u),
    publicKey: z.string().startsWith('-----BEGIN PUBLIC KEY-----'),
  }),
);

/** Ed25519 keys from their file's contents. */
export function releaseKeys(entries: unknown): ReleaseKeys {
  return new Map(
    releaseKeysSchema.parse(entries).map(({ id, publicKey }) => {
      const key = createPublicKey(publicKey);
      if (key.asymmetricKeyType !== 'ed25519') throw new Error(`release key ${id} is not Ed25519`);
      return [id, key];
    }),
  );
}

/**
 * The keys that this program was built with. The list ships empty until there is a release (docs/not-run-here.md), so
 * that every bundle is refused. Neither settings nor policies can add one.
 */
export function pinnedReleaseKeys(): ReleaseKeys {
  return releaseKeys(pinned);
}
