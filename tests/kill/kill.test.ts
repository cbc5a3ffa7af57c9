import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupFailpoints, failpoints } from './failpoints.ts';
import { KillOffice } from './office.ts';

const root = join(import.meta.dirname, '../..');

/** Names in the product's source. */
function namesInSource(): string[] {
  const names = new Set<string>();
  for (const room of ['core', 'native', 'electron']) {
    for (const entry of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.ts')) continue;
      const source = readFileSync(join(root, room, entry), 'utf8');
      for (const [, name] of source.matchAll(/\bfailpoint\('([^']+)'\)/g)) if (name) names.add(name);
    }
  }
  return [...names].toSorted();
}

describe('the list of failpoints', () => {
  it('names in docs/failpoints.md what the source has, and nothing else', () => {
    const doc = readFileSync(join(root, 'docs/failpoints.md'), 'utf8');
    const listed = [...doc.matchAll(/^\| `([a-z.-]+)`/gm)].map(([, name]) => name ?? '');
    expect(listed.toSorted()).toEqual(namesInSource());
  });

  it('is what the kill loop goes through, and the tests of backups', () => {
    const names = [...failpoints.map(({ name }) => name), ...Object.values(backupFailpoints).flat()];
    expect([...new Set(names)].toSorted()).toEqual(namesInSource());
    expect(namesInSource().length).toBeGreaterThanOrEqual(12);
  });
});

/**
 * Every start dies at the next failpoint while it also makes up for the death before it; the last one lives. What
 * was put in must then be finished once.
 */
describe('the engine killed at every failpoint', () => {
  let office: KillOffice;
  beforeAll(async () => {
    office = await KillOffice.create(20261121);
  });
  afterAll(() => office.close());

  /** What comes after a failure would only wait for what is stuck. */
  let whole = true;
  /** One letter without its timestamp meets all failpoints of raising: each start goes on with it. */
  let late = false;

  it.for(failpoints)('dies at $name ($needs)', async (failpoint) => {
    expect(whole, 'an earlier start failed').toBe(true);
    if (failpoint.needs !== 'late-timestamp' || !late) await office.feed(failpoint);
    late ||= failpoint.needs === 'late-timestamp';
    const end = await office.run({ name: failpoint.name });
    whole = end.ended === 'killed';
    expect(end.ended, end.output).toBe('killed');
  });

  it('finishes everything once when it is let live', { timeout: 240_000 }, async () => {
    const end = await office.run();
    expect(end.ended, end.output).toBe('done');
    expect(await office.check()).toEqual([]);
  });
});
