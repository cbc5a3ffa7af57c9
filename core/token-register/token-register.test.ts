import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { AnThuError } from '../shared/errors.ts';
import { type NewTokenEntry, TokenRegister } from './token-register.ts';

let office: SampleOffice;
let register: TokenRegister;
beforeEach(async () => {
  office = await SampleOffice.open('2026-03-02T01:00:00Z');
  register = new TokenRegister(office.database, office.audit, office.clock);
});
afterEach(() => office.close());

const clerk = 'chị Lan';
const hash = (n: number): string => n.toString(16).padStart(64, '0');

function entry(n: number, change: Partial<NewTokenEntry> = {}): NewTokenEntry {
  return {
    kind: 'pkcs11',
    manufacturer: 'Bit4id',
    serial: `000${n}`,
    keyId: '01',
    fingerprint: hash(n),
    tokenLabel: 'TokenME',
    certificate: {
      der: Buffer.from(`certificate ${n}`).toString('base64'),
      commonName: `Người ${n}`,
      organization: 'UBND xã Hòa Thịnh',
      issuer: 'CA thử',
      notBefore: '2024-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
      serial: `a${n}`,
      fingerprint: hash(n),
    },
    name: `token ${n}`,
    holder: '',
    purpose: 'person',
    note: '',
    ...change,
  };
}

const ending = (n: number, notAfter: string): NewTokenEntry =>
  entry(n, { certificate: { ...entry(n).certificate, notAfter } });

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (thrown) {
    return thrown instanceof AnThuError ? thrown.code : String(thrown);
  }
}

const actions = () =>
  office.audit
    .list({ limit: 50 })
    .map(({ action }) => action)
    .filter((action) => action.startsWith('token-register'));

describe('sổ theo dõi thiết bị và chứng thư', () => {
  it('knows a certificate by maker, serial, key and certificate, in whatever slot it sits', () => {
    const first = register.add(entry(1, { name: 'token của Chủ tịch' }), clerk);
    expect(register.find(entry(1))?.name).toBe('token của Chủ tịch');
    for (const other of [
      entry(1, { serial: '0009' }),
      entry(1, { keyId: '02' }),
      entry(1, { fingerprint: hash(9) }),
      entry(1, { manufacturer: 'SafeNet' }),
    ])
      expect(register.find(other)).toBeUndefined();
    expect(register.get(first.id)).toEqual(first);
  });

  it('takes the same certificate once, and again after it was retired', () => {
    const { id } = register.add(entry(1), clerk);
    expect(codeOf(() => register.add(entry(1), clerk))).toBe('token-register.already-entered');
    register.retire(id, 'trả lại cơ quan cấp', clerk);
    expect(codeOf(() => register.add(entry(1), clerk))).toBeNull();
    expect(register.list({ retired: 'include' })).toHaveLength(2);
    expect(register.list({ retired: 'leave-out' })).toHaveLength(1);
  });

  it('shows what ends within 30 and 60 days, with what has ended, soonest first', () => {
    register.add(ending(1, '2026-03-31T00:00:00Z'), clerk);
    register.add(ending(2, '2026-04-20T00:00:00Z'), clerk);
    register.add(ending(3, '2026-02-01T00:00:00Z'), clerk);
    register.add(ending(4, '2027-02-01T00:00:00Z'), clerk);
    const names = (expiringWithinDays?: number) =>
      register.list({ expiringWithinDays, retired: 'leave-out' }).map(({ name }) => name);
    expect(names(30)).toEqual(['token 3', 'token 1']);
    expect(names(60)).toEqual(['token 3', 'token 1', 'token 2']);
    expect(names()).toEqual(['token 3', 'token 1', 'token 2', 'token 4']);
    expect(register.list({ retired: 'leave-out' }).map(({ daysLeft }) => daysLeft)).toEqual([
      -30, 28, 48, 335,
    ]);
  });

  it('remembers the purpose of a certificate and falls silent when lines differ', () => {
    register.add(entry(1, { purpose: 'agency' }), clerk);
    expect(register.purposeOf(hash(1))).toBe('agency');
    register.add(entry(1, { serial: '0002', purpose: 'person' }), clerk);
    expect(register.purposeOf(hash(1))).toBeUndefined();
    expect(register.purposeOf(hash(2))).toBeUndefined();
  });
});

describe('biên bản bàn giao', () => {
  it('a handover is numbered, makes the receiver the holder and stays as it was written', () => {
    const { id } = register.add(entry(1, { holder: 'Trần Văn Minh' }), clerk);
    const other = register.add(entry(2), clerk).id;
    const after = register.handOver(
      id,
      { givenBy: 'Trần Văn Minh', receivedBy: 'Lê Thị Mai', date: '2026-03-01', note: 'kèm vỏ hộp' },
      clerk,
    );
    expect(after.holder).toBe('Lê Thị Mai');
    expect(after.handovers).toMatchObject([
      { number: 1, date: '2026-03-01', givenBy: 'Trần Văn Minh', recordedBy: clerk },
    ]);
    register.handOver(
      other,
      { givenBy: 'Lê Thị Mai', receivedBy: 'Hà', date: '2026-03-02', note: '' },
      clerk,
    );
    expect(register.get(other).handovers).toMatchObject([{ number: 2 }]);
    expect(() => office.database.run('UPDATE token_handover SET given_by = @x', { x: 'ai khác' })).toThrow();
    expect(() => office.database.run('DELETE FROM token_handover')).toThrow();
    expect(() => office.database.run('DELETE FROM token_certificate')).toThrow();
    expect(() => office.database.run('UPDATE token_certificate SET serial = @x', { x: '1' })).toThrow();
  });

  it('is refused for a day that has not come in Vietnam, and for a retired line', () => {
    const { id } = register.add(entry(1), clerk);
    const to = (date: string) => ({ givenBy: 'A', receivedBy: 'B', date, note: '' });
    expect(codeOf(() => register.handOver(id, to('2026-03-03'), clerk))).toBe('token-register.bad-handover');
    expect(codeOf(() => register.handOver(id, to('2026-03-02'), clerk))).toBeNull();
    register.retire(id, 'mất', clerk);
    expect(codeOf(() => register.handOver(id, to('2026-03-02'), clerk))).toBe('token-register.retired');
    expect(codeOf(() => register.change(id, { name: 'x' }, 'sửa', clerk))).toBe('token-register.retired');
    expect(codeOf(() => register.retire(id, 'lần nữa', clerk))).toBe('token-register.retired');
  });

  it('every change stands in the log with what was there before', async () => {
    const { id } = register.add(entry(1), clerk);
    register.change(id, { name: 'token của Phó Chủ tịch' }, 'đổi chức vụ', clerk);
    register.handOver(id, { givenBy: 'A', receivedBy: 'B', date: '2026-03-02', note: '' }, clerk);
    register.retire(id, 'thu hồi', clerk);
    expect(actions()).toEqual([
      'token-register.retired',
      'token-register.handed-over',
      'token-register.changed',
      'token-register.entered',
    ]);
    const changed = office.audit.forSubjects([id]).find(({ action }) => action === 'token-register.changed');
    expect(changed?.data).toMatchObject({ reason: 'đổi chức vụ', before: { name: 'token 1' } });
    expect(await office.audit.verify()).toMatchObject({ ok: true });
  });
});
