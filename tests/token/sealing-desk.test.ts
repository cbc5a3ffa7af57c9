import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { patchSettings, readSettings, writeSettings } from '../../core/engine/settings.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { readCertificates } from '../../core/trust/certificate.ts';
import { createWorkplace, DEMO_PIN, type Workplace } from '../../scripts/demo/workplace.ts';
import { blankReader } from '../../scripts/bench/blank-reader.ts';
import { createSoftHsm } from '../../scripts/lib/softhsm.ts';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { createFaultToken, type FaultToken } from '../fault-module/fault-token.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';

let dir: string;
let office: Workplace;
let token: FaultToken;
let engine: Engine;

let entered = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'an-thu-sealing-'));
  office = await createWorkplace({ root: join(dir, 'office'), key: 'soft-token', scanner: 'left-out' });
  token = faultToken();
});
beforeEach(async () => {
  token.order();
  token.plug();
  token.forget();
  settle({ keyUri: token.uri('01'), modules: [token.modulePath], softTokens: [], level: 'B-B' });
  engine = await open();
});
afterEach(async () => await engine.close());
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true, force: true });
});

const open = () =>
  openEngine({
    dataDir: office.dataDir,
    spawner: createNodeSpawner(),
    actor: 'chị Lan',
    reader: blankReader,
  });

/** Settings of an office whose engine is closed. */
function settle(signing: Parameters<typeof patchSettings>[1]['signing']): void {
  const database = Database.open(dataFolderAt(office.dataDir).database);
  writeSettings(database, patchSettings(readSettings(database), { signing: { ...signing } }));
  database.close();
}

function faultToken(): FaultToken {
  const { agency, leader } = office.pki;
  const keyOf = (id: string, label: string, files: { key: string; certificate: string }) => ({
    id,
    label,
    privateKeyPem: readFileSync(files.key, 'utf8'),
    certificate: readCertificates(readFileSync(files.certificate))[0]!.der,
  });
  const keys = [keyOf('01', 'agency', agency), keyOf('02', 'leader', leader!)];
  return createFaultToken(dir, createSoftHsm({ folder: join(dir, 'hsm'), pin: DEMO_PIN, keys }));
}

/** Letters taken in and entered; their signatures wait for the token. Gives their numbers. */
async function enter(count: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let more = count; more > 0; more--) {
    const n = ++entered;
    numbers.push(n);
    const path = join(dir, `thư-${n}.pdf`);
    writeFileSync(path, Buffer.concat([rawPdf({ objects: onePageObjects() }), Buffer.from(`% ${n}\n`)]));
    const { items } = await engine.call('intake.add', { paths: [path] });
    const id = items[0]!.id;
    await expect.poll(async () => (await engine.call('intake.get', { id })).state).toBe('proposed');
    const fields = { issuer: 'Sở Nội vụ', typeName: 'Công văn', subject: `Văn bản thứ ${n}` };
    await engine.call('intake.accept', { id, fields: { ...emptyFields, ...fields, docNumber: String(n) } });
  }
  await expect.poll(async () => (await engine.call('sealing.list', {})).counts.waiting).toBe(count);
  return numbers;
}

const emptyFields = {
  docNumber: '',
  docNotation: '',
  docDate: null,
  receiver: '',
  note: '',
  urgency: 'thuong' as const,
  dueDate: null,
  signerName: '',
};

async function unlock(id = '01'): Promise<void> {
  const keyUri = token.uri(id);
  const pinKey = await engine.call('token.pin-key', { keyUri });
  await engine.call('token.unlock', { keyUri, sealedPin: await sealPin(pinKey, DEMO_PIN) });
}

const list = () => engine.call('sealing.list', {});

describe('documents before the agency’s token', () => {
  it('wait with their line of the register and the reason, and one login signs them all', async () => {
    const numbers = await enter(3);
    const before = await list();
    expect(before.items.map(({ number, subject, error }) => [number, subject, error?.code])).toEqual(
      numbers.map((n) => [n, `Văn bản thứ ${n}`, 'token.not-unlocked']),
    );
    await unlock();
    await expect.poll(async () => (await list()).total).toBe(0);
    expect((await list()).done).toBe(3);
    expect(token.loginsSent()).toBe(1);
    const { sessions } = await engine.call('token.sessions', {});
    expect(sessions).toMatchObject([{ keyUri: token.uri('01'), busy: false }]);
    const left = Date.parse(sessions[0]!.idleLockAt!) - Date.now();
    expect(left).toBeGreaterThan(240_000);
    expect(left).toBeLessThanOrEqual(300_000);
    await engine.call('token.lock', {});
    expect((await engine.call('token.sessions', {})).sessions[0]?.idleLockAt).toBeNull();
  });

  it('are held between two files by a person, also over a new start, and go on when told', async () => {
    await enter(4);
    token.order('C_Sign wait-for go-on');
    await unlock();
    await expect.poll(async () => (await list()).counts.running).toBeGreaterThan(0);
    const held = await engine.call('sealing.hold', {});
    expect(held).toMatchObject({ held: true, counts: { ready: 0, waiting: 0 } });
    token.release('go-on');
    await expect.poll(async () => (await list()).counts.running).toBe(0);
    const after = await list();
    expect(after.done + after.counts.held).toBe(4);
    expect(after.counts.held).toBeGreaterThanOrEqual(2);

    token.order();
    await engine.close();
    engine = await open();
    await unlock();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await list()).toMatchObject({ held: true, total: after.total });
    await engine.call('sealing.hold', {});
    await engine.call('sealing.go', {});
    await engine.call('sealing.go', {});
    await expect.poll(async () => (await list()).total).toBe(0);
    // Who asks twice has decided once.
    const { entries } = await engine.call('audit.list', { limit: 50 });
    const decisions = entries.filter(({ subject }) => subject === 'sealing');
    expect(decisions.map(({ action }) => action)).toEqual(['sealing.resumed', 'sealing.held']);
    expect(decisions[0]?.data).toEqual({ documents: after.counts.held });
    const { rows } = await engine.call('register.list', { limit: 100 });
    expect(rows.filter(({ documentState }) => documentState !== 'sealed')).toEqual([]);
  });

  it('lose nothing when the token is pulled in the batch', async () => {
    await enter(3);
    token.order('C_Sign vanish once=pulled after=1');
    await unlock();
    await expect.poll(async () => (await list()).counts.waiting).toBe(2);
    token.order();
    token.plug();
    await unlock();
    await expect.poll(async () => (await list()).total).toBe(0);
    expect(token.loginsSent()).toBe(2);
  });
});

describe('a leader’s key', () => {
  it('cannot be chosen for the agency, whoever asks', async () => {
    await expect(engine.call('settings.set', { signing: { keyUri: token.uri('02') } })).rejects.toMatchObject(
      {
        code: 'token.person-key-for-agency',
        detail: { name: 'Trần Văn Minh' },
      },
    );
    const { choices } = await engine.call('token.choices', { purpose: 'agency' });
    expect(
      choices.map(({ certificate, assessment }) => [
        certificate?.commonName,
        assessment?.obstacle?.code ?? null,
      ]),
    ).toEqual([
      ['Ủy ban nhân dân xã Hòa Thịnh', null],
      ['Trần Văn Minh', 'token.person-key-for-agency'],
    ]);
    const asPerson = await engine.call('token.choices', { purpose: 'person' });
    expect(asPerson.choices[0]?.certificate?.commonName).toBe('Trần Văn Minh');
  });

  it('never signs for the agency even where the settings name it: the document waits, nothing is asked of the token', async () => {
    await engine.close();
    settle({ keyUri: token.uri('02') });
    engine = await open();
    token.order('log');
    await enter(1);
    await unlock('02');
    await expect.poll(async () => (await list()).items[0]?.error?.code).toBe('token.person-key-for-agency');
    expect(token.calls()).not.toContain('C_SignInit');
    await expect.poll(async () => (await list()).items[0]?.state).toBe('waiting');
    await engine.call('settings.set', { signing: { keyUri: token.uri('01') } });
    await unlock();
    await expect.poll(async () => (await list()).total).toBe(0);
  });

  it('an unclear certificate follows the office’s register', async () => {
    const added = await engine.call('token-register.add', {
      keyUri: token.uri('01'),
      name: 'dấu số',
      purpose: 'person',
    });
    await expect(engine.call('settings.set', { signing: { keyUri: token.uri('01') } })).rejects.toMatchObject(
      {
        code: 'token.person-key-for-agency',
      },
    );
    await engine.call('token-register.change', { id: added.id, purpose: 'agency', reason: 'ghi nhầm' });
    await engine.call('settings.set', { signing: { keyUri: token.uri('01') } });
    expect((await engine.call('token.choices', { purpose: 'agency' })).choices[0]).toMatchObject({
      rememberedName: 'dấu số',
    });
  });
});

describe('a driver that crashes or hangs', () => {
  it('is remembered with its sentence until its token is used well again', async () => {
    await enter(1);
    token.order('C_Login segv once=crash');
    await expect(unlock()).rejects.toMatchObject({ code: 'token.driver-crashed' });
    const { troubles } = await engine.call('token.sessions', {});
    expect(troubles).toMatchObject([{ path: token.modulePath, error: { code: 'token.driver-crashed' } }]);
    expect(troubles[0]?.error.message).toContain('Trình điều khiển');
    await unlock();
    expect((await engine.call('token.sessions', {})).troubles).toEqual([]);
    await expect.poll(async () => (await list()).total).toBe(0);
  });
});
