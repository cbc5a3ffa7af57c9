import { afterAll, beforeAll, expect, it } from 'vitest';
import { diceOf } from './dice.ts';
import { runSigned } from './run-signed.ts';
import { openReaders, runStructure } from './run-structure.ts';
import { makeMutant, mutantKinds } from './signed-mutants.ts';
import { openFuzzShop, type FuzzShop } from './subjects.ts';

// The short, seeded run; `npm run test:fuzz -- --minutes 30 --seed 7` runs long (docs/fuzzing.md).

const seed = 20_261_121;
let fuzz: FuzzShop;

beforeAll(async () => {
  fuzz = await openFuzzShop();
});
afterAll(() => fuzz.shop.close());

it('the files themselves are valid', async () => {
  for (const { path, name } of fuzz.subjects)
    expect((await fuzz.shop.verify(path)).verdict, name).toBe('valid');
});

it('any change inside a range, and any unlisted change behind it, is never PASSED', async () => {
  const { tried, findings } = await runSigned(fuzz, seed, [0, 500]);
  expect(findings).toEqual([]);
  expect(Object.keys(tried).toSorted()).toEqual([...mutantKinds].toSorted());
});

it('mutated PDF, CMS, lists, answers, tokens, certificates and fonts are read or refused, and nothing else happens', async () => {
  const { tried, findings } = await runStructure(fuzz, await openReaders(fuzz), seed, [0, 600]);
  expect(findings).toEqual([]);
  expect(Object.keys(tried).toSorted()).toEqual([
    'CFF',
    'CMS',
    'CRL',
    'OCSP',
    'PDF',
    'TSP',
    'TrueType',
    'certificate',
    'character map',
  ]);
});

it('the same seed makes the same mutant again', async () => {
  const [subject] = fuzz.subjects;
  if (!subject) throw new Error('no subject');
  const make = async () => await makeMutant(subject, diceOf(seed, 42));
  expect((await make())?.bytes.equals((await make())?.bytes ?? Buffer.alloc(0))).toBe(true);
});
