import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tokenEntrySchema } from '../../core/contract/token-register.ts';
import { createWorkplace, DEMO_PIN, type Workplace } from '../../scripts/demo/workplace.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { anThu, buildPrograms, errorSchema } from './run.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-cli-token-register-'));
let office: Workplace;
beforeAll(async () => {
  buildPrograms();
  office = await createWorkplace({ root: join(dir, 'office'), key: 'softhsm', scanner: 'left-out' });
});
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true, force: true });
});

const register = (...args: string[]) =>
  anThu(['token', 'register', ...args, '--data', office.dataDir, '--json'], { env: office.engineEnv });
const listSchema = z.strictObject({ entries: z.array(tokenEntrySchema) });

describe('an-thu token register', () => {
  it('enters a plugged certificate, hands it over, retires it; everything stands in the log', async () => {
    const added = await register(
      'add',
      '--key',
      office.keyUri,
      '--name',
      'token của văn thư',
      '--purpose',
      'agency',
    );
    expect(added.status).toBe(0);
    const entry = added.json(tokenEntrySchema);
    expect(entry).toMatchObject({
      subject: 'Ủy ban nhân dân xã Hòa Thịnh',
      keyId: '01',
      purpose: 'agency',
      kind: 'pkcs11',
    });
    expect(entry.serial).not.toBe('');

    const again = await register('add', '--key', office.keyUri, '--name', 'tên khác');
    expect([again.status, again.json(errorSchema).code]).toEqual([77, 'token-register.already-entered']);

    const given = ['--given-by', 'Trần Văn Minh', '--received-by', 'Lê Thị Mai', '--date', '2026-11-20'];
    const after = (await register('hand-over', entry.id, ...given, '--note', 'kèm hộp')).json(
      tokenEntrySchema,
    );
    expect(after).toMatchObject({ holder: 'Lê Thị Mai', handovers: [{ number: 1, date: '2026-11-20' }] });

    expect((await register('list')).json(listSchema).entries).toHaveLength(1);
    expect((await register('list', '--within', '60')).json(listSchema).entries).toHaveLength(0);

    expect((await register('retire', entry.id)).status).toBe(64);
    expect((await register('retire', entry.id, '--reason', 'trả lại')).status).toBe(0);
    expect((await register('list')).json(listSchema).entries).toHaveLength(0);
    expect((await register('list', '--retired')).json(listSchema).entries).toHaveLength(1);
    const log = await anThu(['audit', 'verify', '--data', office.dataDir, '--json']);
    expect(log.status).toBe(0);
  });

  it('says what it cannot read', async () => {
    const absent = await register('add', '--key', 'pkcs11:token=khac;id=%09', '--name', 'x');
    expect([absent.status, absent.json(errorSchema).code]).toEqual([69, 'token-register.not-plugged']);
    expect((await register('add', '--name', 'x')).status).toBe(64);
  });
});

describe('an-thu sign with a purpose', () => {
  const letter = (): string => {
    const path = join(dir, 'thư.pdf');
    writeFileSync(path, rawPdf({ objects: onePageObjects() }));
    return path;
  };
  const sign = (pkcs12: string, ...more: string[]) =>
    anThu(
      [
        'sign',
        letter(),
        '--out',
        join(dir, 'ra.pdf'),
        '--force',
        '--key',
        pathToFileURL(pkcs12).href,
        '--pin-env',
        'P',
        '--json',
        ...more,
      ],
      { env: { P: DEMO_PIN } },
    );
  const resultSchema = z.looseObject({
    files: z.array(z.looseObject({ ok: z.boolean(), error: errorSchema.optional() })),
  });

  it.each([
    ['--purpose', 'agency'],
    ['--as', 'scan', '--agency-name', 'UBND xã Hòa Thịnh'],
  ])('a leader’s certificate is stopped: %s %s', async (...options) => {
    const { status, json } = await sign(office.pki.leader!.pkcs12, ...options.filter(Boolean));
    expect(json(resultSchema).files[0]).toMatchObject({
      ok: false,
      error: { code: 'token.person-key-for-agency' },
    });
    expect(status).toBe(77);
  });

  it('the agency’s certificate is stopped as a person’s, and passes as the agency’s', async () => {
    const stopped = await sign(office.pki.agency.pkcs12, '--purpose', 'person');
    expect(stopped.json(resultSchema).files[0]?.error?.code).toBe('token.agency-key-for-person');
    expect((await sign(office.pki.agency.pkcs12, '--purpose', 'agency')).status).toBe(0);
    expect((await sign(office.pki.leader!.pkcs12, '--purpose', 'person')).status).toBe(0);
  });

  it('without a purpose nothing is asked, and an unknown one is wrong usage', async () => {
    expect((await sign(office.pki.leader!.pkcs12)).status).toBe(0);
    expect(
      (await sign(office.pki.leader!.pkcs12, '--purpose', 'any', '--as', 'scan', '--agency-name', 'UBND'))
        .status,
    ).toBe(0);
    expect((await sign(office.pki.agency.pkcs12, '--purpose', 'ai')).status).toBe(64);
  });
});
