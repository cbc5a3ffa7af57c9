import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { patchSettings, readSettings, writeSettings } from '../../core/engine/settings.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { readCertificates } from '../../core/trust/certificate.ts';
import { DEMO_PIN, type Workplace } from '../../scripts/demo/workplace.ts';
import { createSoftHsm } from '../../scripts/lib/softhsm.ts';
import { createFaultToken, type FaultToken } from '../fault-module/fault-token.ts';
import { openOffice, type Office } from './office.ts';

export interface FaultOffice extends Office {
  readonly token: FaultToken;
  /** The agency's key on the token, and a leader's beside it. */
  readonly agencyKey: string;
  readonly leaderKey: string;
}

/** The sample office with its keys on a token whose driver misbehaves on command (tests/fault-module). */
export async function openFaultOffice(): Promise<FaultOffice> {
  let token: FaultToken | undefined;
  const office = await openOffice({
    scanner: 'left-out',
    prepare: async (workplace, folder) => {
      token = await faultToken(workplace, folder);
    },
  });
  if (!token) throw new Error('no token');
  return { ...office, token, agencyKey: token.uri('01'), leaderKey: token.uri('02') };
}

async function faultToken({ pki, dataDir }: Workplace, folder: string): Promise<FaultToken> {
  const { agency, leader } = pki;
  if (!leader) throw new Error('the sample office has no leader');
  const keyOf = async (id: string, label: string, files: { key: string; certificate: string }) => {
    const [certificate] = readCertificates(await readFile(files.certificate));
    if (!certificate) throw new Error(`${label} has no certificate`);
    return { id, label, privateKeyPem: await readFile(files.key, 'utf8'), certificate: certificate.der };
  };
  const hsm = createSoftHsm({
    folder: join(folder, 'softhsm'),
    tokenLabel: 'UBND xã Hòa Thịnh',
    pin: DEMO_PIN,
    keys: [await keyOf('01', 'agency', agency), await keyOf('02', 'leader', leader)],
  });
  const token = createFaultToken(folder, hsm);
  const database = Database.open(dataFolderAt(dataDir).database);
  try {
    const signing = { modules: [token.modulePath], softTokens: [], keyUri: token.uri('01') };
    writeSettings(database, patchSettings(readSettings(database), { signing }));
  } finally {
    database.close();
  }
  return token;
}
