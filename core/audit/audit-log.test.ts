import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';

let office: SampleOffice;
beforeEach(async () => {
  office = await SampleOffice.open();
  for (let day = 1; day <= 5; day++) {
    office.clock.advance(3_600_000);
    office.audit.append({ actor: 'chị Lan', action: 'test.done', subject: `việc ${day}`, data: { day } });
  }
});
afterEach(() => office.close());

/** Somebody with the file and a tool: no trigger holds them back. */
function tamper(sql: string): void {
  const other = new BetterSqlite(office.folder.database);
  other.exec('DROP TRIGGER audit_unchanged; DROP TRIGGER audit_kept;');
  other.exec(sql);
  other.close();
}

describe('the audit log', () => {
  it('is whole as written', async () => {
    const check = await office.audit.verify();
    expect(check).toMatchObject({ ok: true, entries: 6, brokenAt: null });
    expect(check.head).toBe(office.audit.list({ limit: 1 })[0]?.hash);
  });

  it('tells of a subject as much as a person looks at, and all of it where nothing may be cut off', () => {
    office.database.transaction(() => {
      for (let n = 0; n < 510; n++)
        office.audit.append({ actor: 'chị Lan', action: 'test.done', subject: 'văn bản' });
    });
    expect(office.audit.forSubjects(['văn bản', 'việc 1'])).toHaveLength(500);
    expect(office.audit.forSubjects(['văn bản', 'việc 1'], Number.MAX_SAFE_INTEGER)).toHaveLength(511);
    expect(office.audit.count('văn bản', ['test.done'])).toBe(510);
  });

  it('refuses change and removal through the database', () => {
    expect(() => office.database.run(`UPDATE audit SET actor = 'ai đó' WHERE sequence = 2`)).toThrow(
      /append-only/,
    );
    expect(() => office.database.run('DELETE FROM audit WHERE sequence = 2')).toThrow(/append-only/);
  });

  it.each([
    ['a changed actor', `UPDATE audit SET actor = 'ai đó' WHERE sequence = 3`, 3],
    ['a changed time', `UPDATE audit SET at = '2026-01-01T00:00:00.000Z' WHERE sequence = 2`, 2],
    ['changed facts', `UPDATE audit SET data = '{"day":9}' WHERE sequence = 4`, 4],
    ['a changed hash', `UPDATE audit SET hash = 'x' WHERE sequence = 5`, 5],
    ['a removed entry', 'DELETE FROM audit WHERE sequence = 3', 4],
    ['a removed beginning', 'DELETE FROM audit WHERE sequence = 1', 2],
    [
      'entries that changed places',
      `UPDATE audit SET sequence = 99 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = 99`,
      3,
    ],
    [
      'a removed entry with the gap closed',
      'DELETE FROM audit WHERE sequence = 3; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 3',
      3,
    ],
    [
      'an invented entry',
      `INSERT INTO audit SELECT 7, at, actor, action, subject, data, previous, 'forged' FROM audit WHERE sequence = 6`,
      7,
    ],
  ])('shows %s', async (_, sql, brokenAt) => {
    tamper(sql);
    expect(await office.audit.verify()).toMatchObject({ ok: false, brokenAt });
  });

  it('a cut-off end shows only against a head noted elsewhere', async () => {
    const noted = (await office.audit.verify()).head;
    tamper('DELETE FROM audit WHERE sequence = 6');
    const check = await office.audit.verify();
    expect(check.ok).toBe(true);
    expect(check.head).not.toBe(noted);
  });

  it('has no entry of what was rolled back', async () => {
    expect(() =>
      office.database.transaction(() => {
        office.audit.append({ actor: 'chị Lan', action: 'test.undone', subject: 'x' });
        throw new Error('rolled back');
      }),
    ).toThrow();
    expect(office.audit.forSubjects(['x'])).toEqual([]);
    expect((await office.audit.verify()).ok).toBe(true);
  });

  it('tells the history of a subject, oldest first, and of everything, newest first', () => {
    office.audit.append({ actor: 'chị Lan', action: 'test.again', subject: 'việc 2' });
    expect(office.audit.forSubjects(['việc 2']).map((entry) => entry.action)).toEqual([
      'test.done',
      'test.again',
    ]);
    expect(office.audit.list({ limit: 2 }).map((entry) => entry.sequence)).toEqual([7, 6]);
    expect(office.audit.list({ limit: 1, beforeSequence: 3 })[0]?.sequence).toBe(2);
  });
});
