import { expect, test } from 'vitest';
import type { TokenEvent } from '../../contract/token.ts';
import type { TokenService } from '../../ports/token-service.ts';
import { systemClock } from '../../shared/clock.ts';
import { TokenActivity } from './token-activity.ts';

const path = '/m.so';
const keyOf = (serial: string): string =>
  `pkcs11:manufacturer=m;token=t;serial=${serial};id=%01?module-path=${path}`;
const idOf = (serial: string): string => `pkcs11:manufacturer=m;token=t;serial=${serial}`;

/** A service that opens whatever it is asked to, and tells what the test says. */
function watched() {
  const listeners: ((event: TokenEvent) => void)[] = [];
  const service = {
    unlock: async () => undefined,
    onEvent: (listener: (event: TokenEvent) => void) => {
      listeners.push(listener);
      return () => undefined;
    },
  } as Partial<TokenService> as TokenService;
  const activity = new TokenActivity(systemClock, 300_000);
  const tell = (kind: TokenEvent['kind'], tokenId: string | null): void => {
    for (const listener of listeners) listener({ kind, path, tokenId, reason: 'asked' });
  };
  const countsDown = (): string[] =>
    activity.view().sessions.flatMap(({ keyUri, idleLockAt }) => (idleLockAt === null ? [] : [keyUri]));
  return { tokens: activity.watching(service), tell, countsDown };
}

test('a token that is locked stops its own countdown and that of no other in the same library', async () => {
  const { tokens, tell, countsDown } = watched();
  for (const serial of ['1', '2']) await tokens.unlock(keyOf(serial), null);
  tell('locked', idOf('1'));
  expect(countsDown()).toEqual([keyOf('2')]);
});

test('a library that died has no login left', async () => {
  const { tokens, tell, countsDown } = watched();
  for (const serial of ['1', '2']) await tokens.unlock(keyOf(serial), null);
  tell('died', null);
  expect(countsDown()).toEqual([]);
});
