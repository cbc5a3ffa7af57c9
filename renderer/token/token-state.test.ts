import { expect, test } from 'vitest';
import type { Token, TokenModule } from '../../core/contract/token.ts';
import { sampleAnswers } from '../testing/sample-answers.ts';
import { tokenStateOf } from './token-state.ts';

const path = '/usr/lib/driver.so';
const keyUri = `pkcs11:token=UBND%20xa;id=%01?module-path=${encodeURIComponent(path)}`;
const nothing = { sessions: [], troubles: [] };
const error = {
  code: 'token.driver-crashed',
  message: 'Trình điều khiển thiết bị đã dừng đột ngột.',
  detail: {},
};

function modules(change: Partial<Token> = {}, module: Partial<TokenModule> = {}): TokenModule[] {
  const { modules: sample } = sampleAnswers()['token.list']!({} as never) as { modules: TokenModule[] };
  const token = sample[0]!.tokens[0]!;
  return [
    {
      ...sample[0]!,
      path,
      tokens: [{ ...token, keys: [{ ...token.keys[0]!, uri: keyUri }], ...change }],
      ...module,
    },
  ];
}

test.each([
  ['not-chosen', null, modules(), nothing],
  ['absent', keyUri, modules({}, { tokens: [] }), nothing],
  ['driver', keyUri, modules({}, { tokens: [], state: 'unusable', error }), nothing],
  ['locked', keyUri, modules(), nothing],
  ['locked', keyUri, modules({ pinState: 'final-try' }), nothing],
  ['blocked', keyUri, modules({ pinState: 'locked' }), nothing],
  ['blocked', keyUri, modules({ pinState: 'must-be-changed' }), nothing],
  ['ready', keyUri, modules({ unlocked: true }), nothing],
  [
    'busy',
    keyUri,
    modules({ unlocked: true }),
    { sessions: [{ keyUri, busy: true, idleLockAt: null }], troubles: [] },
  ],
] as const)('%s', (state, uri, list, sessions) => {
  expect(tokenStateOf(uri, list, { sessions: [...sessions.sessions], troubles: [] }).state).toBe(state);
});

test('an unlocked token tells when it locks by itself', () => {
  const idleLockAt = '2026-11-22T02:05:00Z';
  const found = tokenStateOf(keyUri, modules({ unlocked: true }), {
    sessions: [{ keyUri, busy: false, idleLockAt }],
    troubles: [],
  });
  expect(found.idleLockAt).toBe(idleLockAt);
});

test('a driver that crashed is told though its token is back', () => {
  const troubles = [{ path, at: '2026-11-22T02:00:00Z', error }];
  expect(tokenStateOf(keyUri, modules(), { sessions: [], troubles })).toMatchObject({
    state: 'locked',
    trouble: error,
  });
  const others = [{ path: '/usr/lib/other.so', at: '2026-11-22T02:00:00Z', error }];
  expect(tokenStateOf(keyUri, modules(), { sessions: [], troubles: others }).trouble).toBeNull();
});

test('a key that the administrator named with fewer attributes is the same key', () => {
  const short = `pkcs11:token=UBND%20xa%20An%20Phu;id=%01?module-path=${path}`;
  const idleLockAt = '2026-11-22T02:05:00Z';
  const sessions = [{ keyUri: short, busy: false, idleLockAt }];
  expect(tokenStateOf(short, modules({ unlocked: true }), { sessions, troubles: [] })).toMatchObject({
    state: 'ready',
    idleLockAt,
  });
});
