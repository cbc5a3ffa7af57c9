import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoClamd, eicarBytes, startDemoClamd } from '../../scripts/lib/clamd.ts';
import { changeSettings, expectShown, Office, until } from './office.ts';

let folder: string;
let clamd: DemoClamd;
let office: Office;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'an-thu-clamd-'));
  clamd = await startClamd();
  office = await Office.create({
    settings: { scanner: { mode: 'clamd', socketPath: join(folder, 'clamd.sock') } },
  });
});
afterAll(async () => {
  await office.close();
  await clamd.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Always on the socket that the office's settings name. */
const startClamd = () => startDemoClamd(folder, { signatures: 'eicar-only', listen: 'socket' });

const scannerService = async () =>
  (await office.engine.call('services.status', {})).services.find(({ name }) => name === 'scanner');

describe('the virus scanner', () => {
  it('sends a file with the test signature to quarantine, without a number', async () => {
    const item = await office.put('co-vi-rut.pdf', eicarBytes());
    expect(item.state).toBe('quarantined');
    expectShown(item.error, 'scanner.infected');
    expect(item.arrivalId).toBeNull();
    await office.expectGoesOn();
  });

  it('need not be asked again about the same bytes: they go to quarantine, too, and it is told why', async () => {
    const settings = { scanner: { mode: 'left-out' } } as const;
    changeSettings(office.workplace.dataDir, settings);
    await office.reopen();
    const item = await office.put('co-vi-rut-lan-hai.pdf', eicarBytes());
    expect(item.state).toBe('quarantined');
    expectShown(item.error, 'intake.quarantined-before');
    expect(item.error?.detail).toMatchObject({ name: 'co-vi-rut.pdf', reason: 'scanner.infected' });
    expect(item.error?.message).toContain('có mã độc');
    changeSettings(office.workplace.dataDir, { scanner: { mode: 'clamd' } });
    await office.reopen();
  });

  it('when it finds a file infected at last takes those with the same bytes along', async () => {
    await clamd.stop();
    const bytes = Buffer.concat([Buffer.from(eicarBytes()), Buffer.from('\n')]);
    const names = ['mot.pdf', 'hai.pdf'];
    for (const name of names) expect((await office.put(name, bytes)).state).toBe('held');
    clamd = await startClamd();
    const items = await Promise.all(names.map((name) => office.item(name, ['quarantined'])));
    expect(items.map(({ error }) => error?.code).toSorted()).toEqual([
      'intake.quarantined-before',
      'scanner.infected',
    ]);
    const { items: all } = await office.engine.call('intake.list', {
      states: ['proposed', 'held', 'failed'],
    });
    expect(all.filter(({ originalName }) => names.includes(originalName))).toEqual([]);
  });

  it('when it is away holds a file visibly, and lets it go on by itself when it is back', async () => {
    await clamd.stop();
    const { name, bytes } = await office.goodLetter();
    const held = await office.put(name, bytes);
    expect(held.state).toBe('held');
    expectShown(held.error, 'scanner.unavailable');
    expect((await scannerService())?.state).toBe('unavailable');
    await expect(office.accept(held)).rejects.toMatchObject({ code: 'register.not-acceptable' });
    clamd = await startClamd();
    const item = await office.item(name, ['proposed']);
    expect(item.virusCheck?.verdict).toBe('clean');
    expect(item.error).toBeNull();
  });

  it('when it is killed is not taken for content with the file', async () => {
    await clamd.stop('kill');
    const { name, bytes } = await office.goodLetter();
    const held = await office.put(name, bytes);
    expect(held.virusCheck?.verdict).toBe('unavailable');
    expect(held.state).toBe('held');
    clamd = await startClamd();
    await until('the scanner to be shown as back', async () =>
      (await scannerService())?.state === 'ok' ? true : undefined,
    );
    expect((await office.item(name, ['proposed'])).virusCheck?.verdict).toBe('clean');
  });
});
