import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseStatus } from '../../core/sync/edxml/parse.ts';
import { createHttpConnector } from '../../core/sync/http-connector.ts';
import { encodeArrivalRecord, sha256Hex } from '../../core/sync/protocol.ts';
import { arrivalRecord, codeOf, commune, province, startWorld, type World } from './office.ts';
import { newPackage, statusOf } from './packages.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.end());

describe('a commune and its account at the province', () => {
  it('hears that the server is only a test partner', async () => {
    const health = await world.connector.health();
    expect(health.testPartner).toBe(true);
    expect(health.serverName).toContain('THỬ NGHIỆM');
  });

  it('uploads a sealed PDF and its arrival record and gets a receipt that names both', async () => {
    const pdf = world.object('%PDF-1.7 sealed');
    expect(await world.connector.uploadObject(pdf)).toEqual({
      sha256: pdf.sha256,
      have: pdf.bytes,
      complete: true,
    });
    const record = arrivalRecord('operation-0001', 1, pdf);
    const receipt = await world.connector.sendArrivalRecord('operation-0001', record);
    expect(receipt).toMatchObject({
      kind: 'arrival-record',
      operationId: 'operation-0001',
      sha256: sha256Hex(encodeArrivalRecord(record)),
      objectSha256: pdf.sha256,
      serverSequence: 1,
    });
    expect(world.server.records().map((stored) => stored.record)).toEqual([record]);
    expect(readFileSync(world.server.objectPath(commune.officeId, pdf.sha256))).toEqual(
      readFileSync(pdf.path),
    );
  });

  it('gives the first receipt again for a repeated operation', async () => {
    const pdf = world.object('%PDF-1.7 sealed');
    await world.connector.uploadObject(pdf);
    const receipt = await world.connector.sendArrivalRecord(
      'operation-0001',
      arrivalRecord('operation-0001', 1, pdf),
    );
    const again = await world.connector.sendArrivalRecord(
      'operation-0001',
      arrivalRecord('operation-0001', 1, pdf),
    );
    expect(again).toEqual(receipt);
    expect(world.server.records()).toHaveLength(1);
  });

  it('refuses another content under the same operation, and a number given twice', async () => {
    const pdf = world.object('%PDF-1.7 sealed');
    await world.connector.uploadObject(pdf);
    await world.connector.sendArrivalRecord('operation-0001', arrivalRecord('operation-0001', 1, pdf));
    const other = { ...arrivalRecord('operation-0001', 1, pdf), subject: 'Khác' };
    expect(await codeOf(world.connector.sendArrivalRecord('operation-0001', other))).toBe('sync.conflict');
    const sameNumber = arrivalRecord('operation-0002', 1, pdf);
    expect(await codeOf(world.connector.sendArrivalRecord('operation-0002', sameNumber))).toBe(
      'sync.conflict',
    );
    expect(world.server.records()).toHaveLength(1);
  });

  it('refuses a record whose PDF it does not have, and asks for it again', async () => {
    const record = arrivalRecord('operation-0001', 1, world.object('%PDF-1.7 never sent'));
    await expect(world.connector.sendArrivalRecord('operation-0001', record)).rejects.toMatchObject({
      code: 'sync.refused',
      detail: { serverCode: 'object-missing' },
    });
  });

  it('never sends a byte of a file that is not what was recorded', async () => {
    const content = Buffer.alloc(1_000_000, 'sealed ');
    const pdf = world.object(content);
    content.writeUInt8(0, 999_999);
    writeFileSync(pdf.path, content);
    expect(await codeOf(world.connector.uploadObject(pdf))).toBe('sync.object-changed');
    expect(readdirSync(join(world.dir, 'province', 'partial'))).toEqual([]);
    writeFileSync(pdf.path, content.subarray(1));
    expect(await codeOf(world.connector.uploadObject(pdf))).toBe('sync.object-changed');
    expect(await codeOf(world.connector.uploadObject({ ...pdf, path: `${pdf.path}.gone` }))).toBe(
      'sync.object-changed',
    );
  });

  it('lets nobody in without the secret of the office', async () => {
    const stranger = world.connectAs(commune, 'not-the-secret-of-b');
    expect(await codeOf(stranger.listInbox())).toBe('sync.not-authorised');
    const wrongOffice = world.connectAs({ ...commune, officeId: 'xa-khac' });
    expect(await codeOf(wrongOffice.listInbox())).toBe('sync.not-authorised');
  });

  it('talks over https only, but for loopback', () => {
    expect(() =>
      createHttpConnector({ baseUrl: 'http://tinh.example', officeId: 'xa-b', secret: 'x' }),
    ).toThrow(/https/);
  });

  it('says that the server is away when nothing listens', async () => {
    const { url } = world.server;
    const gone = createHttpConnector({
      baseUrl: url,
      officeId: 'xa-b',
      secret: commune.secret,
      deadlineMs: 500,
    });
    await world.server.close();
    expect(await codeOf(gone.health())).toBe('sync.server-away');
    world = await startWorld();
  });
});

describe('exchange between agencies', () => {
  it('carries a package to the receiver and the statuses back', async () => {
    const receiver = world.connector;
    const sender = world.connectAs(province);
    const pdf = Buffer.from('%PDF-1.7 công văn');
    const bytes = newPackage(province, [commune], pdf);
    const edxml = world.object(bytes, 'out.edxml');
    await sender.sendEdxml('edxml-op-0001', edxml);

    const [item] = (await receiver.listInbox()).items;
    expect(item).toMatchObject({ kind: 'package', sha256: edxml.sha256, bytes: edxml.bytes });
    if (!item) throw new Error('no item');
    const path = join(world.dir, 'in.edxml');
    await receiver.fetchPackage(item, path);
    expect(readFileSync(path)).toEqual(bytes);
    await receiver.acknowledgePackage(item);
    await receiver.acknowledgePackage(item);
    expect((await receiver.listInbox()).items).toEqual([]);

    const status = statusOf(commune, item.documentId, '01');
    const receipt = await receiver.sendStatus('status-op-0001', status);
    expect(await receiver.sendStatus('status-op-0001', status)).toEqual(receipt);
    expect(world.server.statuses().map((stored) => stored.status.statusCode)).toEqual(['01']);

    const [back] = (await sender.listInbox()).items;
    expect(back?.kind).toBe('status');
    if (!back) throw new Error('no status');
    const statusPath = join(world.dir, 'status.edxml');
    await sender.fetchPackage(back, statusPath);
    expect(parseStatus(readFileSync(statusPath))).toMatchObject({
      statusCode: '01',
      responseFor: { documentId: item.documentId },
    });
  });

  it('refuses unknown receivers, foreign senders, doubled documents and XML outside the schema', async () => {
    const sender = world.connectAs(province);
    const pdf = Buffer.from('%PDF-1.7');
    const unknown = world.object(newPackage(province, [{ ...commune, organId: 'H98' }], pdf));
    await expect(sender.sendEdxml('edxml-op-0001', unknown)).rejects.toMatchObject({
      detail: { serverCode: 'unknown-receiver' },
    });
    const foreign = world.object(newPackage(commune, [province], pdf));
    await expect(sender.sendEdxml('edxml-op-0002', foreign)).rejects.toMatchObject({
      detail: { serverCode: 'wrong-office' },
    });
    await sender.sendEdxml('edxml-op-0003', world.object(newPackage(province, [commune], pdf)));
    const second = world.object(newPackage(province, [commune], Buffer.from('%PDF-1.7 other')));
    expect(await codeOf(sender.sendEdxml('edxml-op-0004', second))).toBe('sync.conflict');
    const strange = newPackage(province, [commune], pdf)
      .toString()
      .replaceAll('edXML:Subject', 'edXML:Sbject');
    await expect(sender.sendEdxml('edxml-op-0005', world.object(strange))).rejects.toMatchObject({
      code: 'sync.refused',
      detail: { serverCode: 'invalid-edxml' },
    });
    expect(world.server.packages()).toHaveLength(1);
  });

  it('shows an office its own inbox only', async () => {
    await world.server.inboxPut(commune.officeId, newPackage(province, [commune], Buffer.from('%PDF-')));
    const other = world.connectAs(province);
    const [item] = (await world.connector.listInbox()).items;
    expect((await other.listInbox()).items).toEqual([]);
    if (!item) throw new Error('no item');
    await expect(other.fetchPackage(item, join(world.dir, 'stolen.edxml'))).rejects.toMatchObject({
      detail: { serverCode: 'not-found' },
    });
  });
});
