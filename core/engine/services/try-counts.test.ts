import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Database } from '../../store/database.ts';
import { tryCountsIn } from './try-counts.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-tries-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('wrong PINs are remembered by token beyond the program, and forgotten after the right one', () => {
  const path = join(folder, 'register.db');
  const before = Database.open(path);
  const counts = tryCountsIn(before);
  expect(counts.get('a')).toEqual({ wrong: 0, unclear: 0 });
  counts.set('a', { wrong: 2, unclear: 1 });
  counts.set('b', { wrong: 0, unclear: 1 });
  before.close();
  const after = Database.open(path);
  const again = tryCountsIn(after);
  expect(again.all()).toEqual({ a: { wrong: 2, unclear: 1 }, b: { wrong: 0, unclear: 1 } });
  again.set('a', { wrong: 0, unclear: 0 });
  expect(again.all()).toEqual({ b: { wrong: 0, unclear: 1 } });
  after.close();
});
