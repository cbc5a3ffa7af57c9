import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { checkAuditExport, writeAuditExport } from './export.ts';

let office: SampleOffice;
let dir: string;
let file: string;
beforeAll(async () => {
  office = await SampleOffice.open();
  dir = mkdtempSync(join(tmpdir(), 'an-thu-audit-export-'));
  file = join(dir, 'nhật ký.jsonl');
  for (const name of ['một', 'hai', 'ba'])
    office.audit.append({ actor: 'chị Lan', action: 'test.done', subject: name, data: { name } });
});
afterAll(() => {
  office.close();
  rmSync(dir, { recursive: true, force: true });
});

const headOf = () => {
  const [last] = office.audit.list({ limit: 1 });
  return {
    format: 'an-thu-audit-1' as const,
    agency: { organId: 'H99.33', name: 'UBND xã Hòa Thịnh' },
    exportedAt: '2026-03-02T08:00:00+07:00',
    entries: last?.sequence ?? 0,
    head: last?.hash ?? null,
  };
};

async function* inTwoSlices() {
  const rows = office.audit.rowsAfter(0, 100);
  yield rows.slice(0, 2);
  yield rows.slice(2);
}

beforeEach(async () => {
  rmSync(dir, { recursive: true });
  mkdirSync(dir);
  await writeAuditExport(file, headOf(), inTwoSlices());
});

const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');
const write = (changed: readonly string[]) =>
  writeFileSync(file, changed.map((line) => `${line}\n`).join(''));

describe('an exported log', () => {
  it('is a chain that can be followed without the register', async () => {
    const { header, check } = await checkAuditExport(file);
    expect(header).toEqual(headOf());
    expect(check).toEqual({ ...(await office.audit.verify()), ok: true, entries: 4 });
    expect(readdirSync(dir)).toEqual(['nhật ký.jsonl']);
  });

  it.each([
    ['a changed entry', (all: string[]) => all.map((line) => line.replace('"hai"', '"bốn"')), 3],
    ['a removed entry', (all: string[]) => all.filter((_, index) => index !== 2), 3],
    ['a cut-off end', (all: string[]) => all.slice(0, -1), 4],
    ['a doubled entry', (all: string[]) => [...all.slice(0, 3), all[2] ?? '', ...all.slice(3)], 2],
    [
      'another head promised',
      (all: string[]) => all.map((line) => line.replace(/"head":"./, '"head":"x')),
      5,
    ],
  ])('with %s is broken there', async (_what, change, brokenAt) => {
    write(change(lines()));
    expect((await checkAuditExport(file)).check).toMatchObject({ ok: false, brokenAt });
  });

  it('goes through a head that was noted before, and through no other', async () => {
    const noted = office.audit.rowsAfter(1, 1)[0]?.hash ?? '';
    expect((await checkAuditExport(file, noted)).check).toMatchObject({ ok: true, knownHead: true });
    expect((await checkAuditExport(file, 'f'.repeat(64))).check).toMatchObject({
      ok: false,
      brokenAt: null,
      knownHead: false,
    });
  });

  it.each([
    ['an empty file', ''],
    ['another JSON', '{"a":1}\n'],
    ['a line without an end', 'x'.repeat(9 * 1024 * 1024)],
  ])('is not %s', async (_what, content) => {
    writeFileSync(file, content);
    await expect(checkAuditExport(file)).rejects.toMatchObject({ code: 'audit.not-an-export' });
  });

  it('is not a folder', async () => {
    await expect(checkAuditExport(dir)).rejects.toMatchObject({ code: 'general.no-such-input' });
  });

  it('of a broken log is not written', async () => {
    async function* altered() {
      yield office.audit.rowsAfter(0, 100).map((row) => ({ ...row, actor: 'ai đó' }));
    }
    const other = join(dir, 'khác.jsonl');
    await expect(writeAuditExport(other, headOf(), altered())).rejects.toMatchObject({
      code: 'store.damaged',
    });
  });

  it('whose end was not read is not written either', async () => {
    async function* cut() {
      yield office.audit.rowsAfter(0, 2);
    }
    await expect(writeAuditExport(join(dir, 'khác.jsonl'), headOf(), cut())).rejects.toMatchObject({
      code: 'store.damaged',
    });
  });
});
