import { describe, expect, it } from 'vitest';
import { AnThuError } from '../../shared/errors.ts';
import { planFailure } from './failure-plan.ts';

const plan = (code: ConstructorParameters<typeof AnThuError>[0], attempts = 1) =>
  planFailure(new AnThuError(code), attempts);

describe('what becomes of a job that failed', () => {
  it('waits for the token, however often it was tried', () => {
    expect(plan('token.not-unlocked', 50)).toMatchObject({ kind: 'wait', waitsFor: 'token' });
    expect(plan('engine.no-signing-key', 50)).toMatchObject({ kind: 'wait', waitsFor: 'token' });
  });

  it.for(['store.disk-full', 'store.cannot-write', 'signing.write-failed', 'scanner.unavailable'] as const)(
    'waits out %s without ever giving up, soon at first and then every half minute',
    (code) => {
      expect(plan(code, 1)).toMatchObject({ kind: 'wait', atMostMs: 2_000 });
      expect(plan(code, 1000)).toMatchObject({ kind: 'wait', atMostMs: 30_000 });
    },
  );

  it('is tried three times when a helper process dies, and then parked', () => {
    expect([1, 2, 3].map((attempts) => plan('general.program-died', attempts).kind)).toEqual([
      'retry',
      'retry',
      'park',
    ]);
  });

  it('is parked when a person must act', () => {
    expect(plan('pdf.encrypted').kind).toBe('park');
  });
});
