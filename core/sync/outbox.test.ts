import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { toErrorValue, AnThuError } from '../shared/errors.ts';
import { Outbox, retryPause } from './outbox.ts';
import type { Receipt } from './protocol.ts';

let office: SampleOffice;
let outbox: Outbox;
beforeEach(async () => {
  office = await SampleOffice.open();
  outbox = new Outbox(office.database, office.clock);
});
afterEach(() => office.close());

const away = toErrorValue(new AnThuError('sync.server-away', { reason: 'thử' }));

function add(effect: string): string | null {
  office.clock.advance(1);
  return outbox.add({
    kind: 'arrival-record',
    label: effect,
    documentId: null,
    objectSha256: null,
    effect,
    body: (operationId) => JSON.stringify({ operationId }),
  });
}

const due = () => outbox.due(10).map((row) => row.label);

describe('the outbox', () => {
  it('holds an effect once', () => {
    expect(add('số 1')).not.toBeNull();
    expect(add('số 1')).toBeNull();
    expect(due()).toEqual(['số 1']);
  });

  it('names the operation inside its body before anything is sent', () => {
    const id = add('số 1');
    expect(JSON.parse(outbox.due(1)[0]?.body ?? '')).toEqual({ operationId: id });
  });

  it('is empty again when the transaction of the cause fails', () => {
    expect(() =>
      office.database.transaction(() => {
        add('số 1');
        throw new Error('rolled back');
      }),
    ).toThrow();
    expect(due()).toEqual([]);
  });

  it.each(['error', 'receipt'])('shows an operation whose %s is damaged, and all others', (column) => {
    add('số 1');
    add('số 2');
    office.database.run(`UPDATE outbox SET ${column} = '{"operationId": ' WHERE label = 'số 1'`);
    expect(
      outbox.list({ limit: 9 }).map(({ label, error, receipt }) => [label, error?.code, receipt]),
    ).toEqual([
      ['số 2', undefined, null],
      ['số 1', 'store.row-damaged', null],
    ]);
    expect(due()).toEqual(['số 1', 'số 2']);
  });

  it('gives operations oldest first', () => {
    add('số 1');
    add('số 2');
    add('số 3');
    expect(due()).toEqual(['số 1', 'số 2', 'số 3']);
    expect(outbox.list({ limit: 2 }).map((entry) => entry.label)).toEqual(['số 3', 'số 2']);
  });

  it('forgets an operation neither while it is sent nor when the process dies meanwhile', () => {
    const id = add('số 1') ?? '';
    outbox.markSending(id);
    expect(new Outbox(office.database, office.clock).due(10)).toMatchObject([
      { id, state: 'sending', attempts: 1 },
    ]);
  });

  it('holds back a later record of a document until the earlier one is acknowledged', () => {
    const { documentId } = office.enter();
    const record = (effect: string) => {
      office.clock.advance(1);
      return outbox.add({
        kind: 'arrival-record',
        label: effect,
        documentId,
        objectSha256: null,
        effect,
        body: (operationId) => operationId,
      });
    };
    const first = record('bản B-B') ?? '';
    outbox.markSending(first);
    outbox.postpone(first, away, 60_000);
    record('bản B-T');
    add('văn bản khác');
    expect(due()).toEqual(['văn bản khác']);
    outbox.acknowledge(first, { sha256: '0'.repeat(64) } as Receipt);
    expect(due()).toEqual(['bản B-T', 'văn bản khác']);
  });

  it('tells the sender of a letter in the order in which things happened, of other letters meanwhile', () => {
    const status = (effect: string) => {
      const operation = {
        kind: 'edxml-status',
        label: effect,
        documentId: null,
        objectSha256: null,
      } as const;
      return outbox.add({ ...operation, effect, body: () => '{}' }) ?? '';
    };
    const arrived = status('status:thư-1:01');
    outbox.markSending(arrived);
    outbox.postpone(arrived, away, 60_000);
    status('status:thư-1:03');
    status('status:thư-10:01');
    expect(due()).toEqual(['status:thư-10:01']);
    outbox.block(arrived, away);
    // Only a person can help that one; the sender need not wait for it.
    expect(due()).toEqual(['status:thư-1:03', 'status:thư-10:01']);
  });

  it('lets an operation be replaced only while nobody tried to send it, and sends what it is then', () => {
    const id = add('số 1') ?? '';
    const later = { objectSha256: null, effect: 'số 1, bản sau', body: () => 'bản sau' };
    expect(outbox.replaceUntried(id, later)).toBe(true);
    expect(outbox.markSending(id)).toMatchObject({ id, body: 'bản sau', attempts: 1 });
    outbox.postpone(id, away, 0);
    expect(outbox.replaceUntried(id, { ...later, body: () => 'bản thứ ba' })).toBe(false);
    expect(outbox.due(1)[0]?.body).toBe('bản sau');
  });

  it('keeps the order of a document’s records though the clock was set back between them', () => {
    const { documentId } = office.enter();
    const record = (effect: string) =>
      outbox.add({
        kind: 'arrival-record',
        label: effect,
        documentId,
        objectSha256: null,
        effect,
        body: (operationId) => operationId,
      }) ?? '';
    const first = record('vào sổ');
    outbox.markSending(first);
    office.clock.advance(-3_600_000);
    record('đính chính');
    office.clock.advance(7_200_000);
    expect(due()).toEqual(['vào sổ']);
    expect(outbox.records(documentId).map(({ id }) => id)[0]).toBe(first);
    outbox.acknowledge(first, { sha256: '0'.repeat(64) } as Receipt);
    expect(due()).toEqual(['đính chính']);
  });

  it('does not keep what was queued or postponed under a clock that ran a year ahead until that year', () => {
    office.clock.set('2027-03-02T01:00:00Z');
    const id = add('số 1') ?? '';
    outbox.markSending(id);
    outbox.postpone(id, away, 15 * 60_000);
    add('số 2');
    office.clock.set('2026-03-02T01:00:00Z');
    expect(due()).toEqual(['số 1', 'số 2']);
    outbox.markSending(id);
    outbox.postpone(id, away, 3_600_000);
    expect(due()).toEqual(['số 2']);
  });

  it('keeps a postponed operation for its time', () => {
    const id = add('số 1') ?? '';
    outbox.markSending(id);
    outbox.postpone(id, away, 60_000);
    expect(due()).toEqual([]);
    expect(outbox.get(id)).toMatchObject({ state: 'pending', error: { code: 'sync.server-away' } });
    office.clock.advance(60_000);
    expect(due()).toEqual(['số 1']);
  });

  it('keeps a blocked operation until a person puts it back', () => {
    const id = add('số 1') ?? '';
    outbox.block(id, away);
    office.clock.advance(365 * 24 * 3_600_000);
    expect(due()).toEqual([]);
    expect(outbox.hurry({ blockedToo: false })).toBe(0);
    expect(outbox.counts()).toEqual({ pending: 0, blocked: 1, acked: 0 });
    expect(outbox.retry(id).state).toBe('pending');
    expect(due()).toEqual(['số 1']);
  });

  it('keeps the receipt of what was acknowledged and never sends it again', () => {
    const id = add('số 1') ?? '';
    const receipt: Receipt = {
      kind: 'arrival-record',
      operationId: id,
      sha256: 'a'.repeat(64),
      objectSha256: null,
      receivedAt: '2026-03-02T01:00:01Z',
      serverSequence: 1,
      serverName: 'Máy chủ thử',
    };
    outbox.acknowledge(id, receipt);
    expect(outbox.retry(id)).toMatchObject({ state: 'acked', receipt: { operationId: id } });
    expect(outbox.hurry({ blockedToo: true })).toBe(0);
    expect(due()).toEqual([]);
  });

  it('never loses an operation, not even by SQL', () => {
    add('số 1');
    expect(() => office.database.run('DELETE FROM outbox')).toThrow(/never deleted/);
  });

  it('waits longer after each try, but never more than a quarter of an hour', () => {
    expect([1, 2, 3, 4].map(retryPause)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(retryPause(50)).toBe(15 * 60_000);
    expect(retryPause(0)).toBe(5_000);
  });
});
