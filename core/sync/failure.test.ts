import { expect, it } from 'vitest';
import { AnThuError } from '../shared/errors.ts';
import { handlingOf } from './failure.ts';

it.each(['store.disk-full', 'store.cannot-write'] as const)(
  'an operation is not given up because of %s on our own side, after the server took it',
  (code) => {
    expect(handlingOf(new AnThuError(code))).toEqual({ kind: 'retry', afterSeconds: null });
  },
);

it('an operation that only a person can help waits for one', () => {
  expect(handlingOf(new AnThuError('sync.conflict'))).toEqual({ kind: 'blocked' });
  expect(handlingOf(new Error('a defect'))).toEqual({ kind: 'blocked' });
});
