import { expect, it } from 'vitest';
import { algorithmAcceptable, type AlgorithmUse } from './algorithm-policy.ts';

const use = (more: Partial<AlgorithmUse>): AlgorithmUse => ({
  digest: 'sha256',
  scheme: 'rsa-pkcs1',
  bits: 2048,
  ...more,
});

it.each<[Partial<AlgorithmUse>, string, boolean]>([
  [{}, '2026-11-21', true],
  [{ digest: 'md5' }, '2004-07-31', true],
  [{ digest: 'md5' }, '2004-08-01', false],
  [{ digest: 'sha1' }, '2012-07-31', true],
  [{ digest: 'sha1' }, '2012-08-01', false],
  [{ bits: 1024 }, '2019-09-30', true],
  [{ bits: 1024 }, '2026-11-21', false],
  [{ scheme: 'ecdsa', bits: 256 }, '2040-01-01', true],
  [{ scheme: 'ecdsa', bits: 224 }, '2026-11-21', false],
  [{ scheme: 'rsa-pss', bits: 3072 }, '2040-01-01', true],
])('%o on %s: %s', (more, day, acceptable) => {
  expect(algorithmAcceptable(use(more), new Date(`${day}T00:00:00Z`))).toBe(acceptable);
});

it('does not refuse for an end that lay in the future when the table was written', () => {
  expect(algorithmAcceptable(use({}), new Date('2035-01-01T00:00:00Z'))).toBe(true);
});
