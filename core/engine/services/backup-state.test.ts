import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MadeBackup } from '../../contract/backup.ts';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { backupState } from './backup-state.ts';
import { lastBackup, recordBackup } from './register-backup.ts';

let office: SampleOffice;
beforeEach(async () => {
  office = await SampleOffice.open('2026-11-20T02:00:00Z');
  office.enter();
});
afterEach(() => office.close());

const real = () => office.database.run('UPDATE agency SET demo = 0');
const made: MadeBackup = {
  set: '20261120-090000-1f2e',
  target: '/media/o-sao-luu',
  createdAt: '2026-11-20T02:00:00.000Z',
  kind: 'full',
  manifestSha256: 'a'.repeat(64),
  files: 3,
  missing: 0,
  sameDisk: false,
};
const record = (changed: Partial<MadeBackup> = {}) =>
  recordBackup({ ...office, actor: 'quản trị' }, { ...made, ...changed });
const stateNow = () => {
  const { state, said } = backupState(office);
  return [state, ...said.map(({ code }) => code)];
};

describe('how the backup is', () => {
  it('is no concern of sample data or an empty register', () => {
    expect(stateNow()).toEqual(['off', 'service.backup-off']);
  });

  it('is a warning where there never was one', () => {
    real();
    expect(stateNow()).toEqual(['unavailable', 'service.backup-none']);
  });

  it('is well after a whole one on another disk, over a weekend too', () => {
    real();
    record();
    office.clock.advance(70 * 3_600_000);
    expect(stateNow()).toEqual(['ok', 'service.backup-made']);
    expect(backupState(office)).toMatchObject({
      said: [{ message: 'Sao lưu lần cuối lúc 09:00 20/11/2026.' }],
      detail: { target: '/media/o-sao-luu' },
    });
  });

  it.each([
    ['old', {}, 4, 'service.backup-old'],
    ['not whole', { missing: 2 }, 0, 'service.backup-incomplete'],
    ['of a day that is still to come', { createdAt: '2036-11-20T02:00:00.000Z' }, 0, 'service.backup-ahead'],
    ['on the disk of the data', { sameDisk: true }, 0, 'service.backup-same-disk'],
  ])('is a warning when it is %s', (_what, changed, days, code) => {
    real();
    record(changed);
    office.clock.advance(days * 24 * 3_600_000);
    expect(stateNow()).toEqual(['unavailable', 'service.backup-made', code]);
  });

  it('is unknown where what was kept of it is damaged, and then warned of', () => {
    real();
    record();
    office.database.run(`UPDATE setting SET value = '{"set": ' WHERE key = 'backup.last'`);
    expect(stateNow()).toEqual(['unavailable', 'service.backup-none']);
  });

  it('is in the log, the last one only in the state', () => {
    record();
    record({ set: '20261121-090000-1f2e' });
    expect(lastBackup(office)?.set).toBe('20261121-090000-1f2e');
    expect(office.audit.list({ limit: 2 }).map(({ action }) => action)).toEqual([
      'backup.made',
      'backup.made',
    ]);
  });
});
