import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { prepareDataFolder } from '../../store/data-folder.ts';
import { ObjectStore } from '../../store/object-store.ts';
import type { EdxmlStatusInput } from '../../sync/edxml/types.ts';
import { MediaLog } from '../../sync/media/media-log.ts';
import { Outbox, type OutboxRow } from '../../sync/outbox.ts';
import { readSettings } from '../settings.ts';
import { exportQueue } from './media-export.ts';

const status: EdxmlStatusInput = {
  from: { organId: 'H99.33', organName: 'UBND xã Hòa Thịnh' },
  responseFor: { organId: 'H99.05', code: '5/SNV', promulgationDate: '2026-02-27', documentId: 'x' },
  statusCode: '03',
  description: 'Đã tiếp nhận',
  timestamp: '2026-03-02 08:00:00',
};

let office: SampleOffice;
let stick: string;
beforeEach(async () => {
  office = await SampleOffice.open();
  stick = mkdtempSync(join(tmpdir(), 'an-thu-stick-'));
  await prepareDataFolder(office.folder);
  writeFileSync(office.folder.serverSecret, 'bí mật');
});
afterEach(() => {
  office.close();
  rmSync(stick, { recursive: true, force: true });
});

/** The line ends all operations but the first as soon as that one is looked at for the package. */
class BusyLine extends Outbox {
  override find(id: string): OutboxRow | undefined {
    const row = super.find(id);
    office.database.run(`UPDATE outbox SET state = 'acked' WHERE label <> 'số 1' AND state = 'pending'`);
    return row;
  }
}

it('what stays behind is counted with what is taken, though the line ends some meanwhile', async () => {
  const { clock, database, folder, audit } = office;
  const outbox = new BusyLine(database, clock);
  const add = (label: string) =>
    outbox.add({
      kind: 'edxml-status',
      label,
      documentId: null,
      objectSha256: null,
      effect: label,
      body: () => JSON.stringify({ status }),
    });
  for (const label of ['số 1', 'số 2', 'số 3', 'số 4']) add(label);
  database.run(`UPDATE outbox SET state = 'blocked' WHERE label = 'số 4'`);
  const settings = readSettings(database);
  const context = {
    actor: 'chị Lan',
    audit,
    clock,
    database,
    folder,
    outbox,
    media: new MediaLog(database, clock),
    objects: new ObjectStore(folder),
    inbox: { unacknowledged: () => [] },
    settings: () => ({ ...settings, sync: { ...settings.sync, officeId: 'xa-hoa-thinh' } }),
  };
  const made = await exportQueue(context, { path: stick, retryBlocked: false });
  expect(made).toMatchObject({ package: { operations: 3 }, left: 1 });
});
