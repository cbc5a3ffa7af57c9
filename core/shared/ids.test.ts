import { expect, it } from 'vitest';
import { newId } from './ids.ts';

it('ids sort as they were made, and are made under any clock', () => {
  const years = [
    '1969-12-31T17:00:00Z',
    '1970-01-02T00:00:00Z',
    '2026-11-22T08:00:00Z',
    '9999-12-31T00:00:00Z',
  ];
  const ids = years.map((year) => newId(new Date(year)));
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
