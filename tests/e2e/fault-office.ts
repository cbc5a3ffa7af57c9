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
  /** The one with the leader's key: the same, or one of its own. */
  readonly leaderToken: FaultToken;
  readonly agencyKey: string;
  readonly leaderKey: string;
}

interface FaultOfficeOptions {
  /** Where the leader's key lies: beside the agency's (the default), or on a token of the leader's own behind another driver. */
  readonly leader?: 'same-token' | 'own-token';
}

/** The sample office with its keys on tokens whose drivers misbehave on command (tests/fault-module). */
export async function openFaultOffice({
  leader = 'same-token',
}: FaultOfficeOptions = {}): Promise<FaultOffice> {
  let tokens: OfficeTokens | undefined;
  const office = await openOffice({
    scanner: 'left-out',
    // This driver takes a PIN of length zero as an absent one.
    env: { AN_THU_PIN_PAD: 'asks' },
    prepare: async (workplace, folder) => {
      tokens = await faultTokens(workplace, folder, leader);
    },
  });
  if (!tokens) throw new Error('no token');
  const { token, leaderToken } = tokens;
  return { ...office, token, leaderToken, agencyKey: token.uri('01'), leaderKey: leaderToken.uri('02') };
}

type SoftHsmKeys = Parameters<typeof createSoftHsm>[0]['keys'];
type OfficeTokens = Pick<FaultOffice, 'token' | 'leaderToken'>;

async function faultTokens(
  { pki, dataDir }: Workplace,
  folder: string,
  place: 'same-token' | 'own-token',
): Promise<OfficeTokens> {
  const { agency, leader } = pki;
  if (!leader) throw new Error('the sample office has no leader');
  const keyOf = async (id: string, label: string, files: { key: string; certificate: string }) => {
    const [certificate] = readCertificates(await readFile(files.certificate));
    if (!certificate) throw new Error(`${label} has no certificate`);
    return { id, label, privateKeyPem: await readFile(files.key, 'utf8'), certificate: certificate.der };
  };
  const tokenWith = (name: string, tokenLabel: string, keys: SoftHsmKeys): FaultToken => {
    const hsm = createSoftHsm({ folder: join(folder, `softhsm-${name}`), tokenLabel, pin: DEMO_PIN, keys });
    return createFaultToken(folder, hsm, name);
  };
  const [agencyKey, leaderKey] = [await keyOf('01', 'agency', agency), await keyOf('02', 'leader', leader)];
  const own = place === 'own-token';
  const token = tokenWith('fault', 'UBND xã Hòa Thịnh', own ? [agencyKey] : [agencyKey, leaderKey]);
  const leaderToken = own ? tokenWith('fault-leader', 'Chủ tịch UBND xã', [leaderKey]) : token;
  const database = Database.open(dataFolderAt(dataDir).database);
  try {
    const modules = [...new Set([token.modulePath, leaderToken.modulePath])];
    const signing = { modules, softTokens: [], keyUri: token.uri('01') };
    writeSettings(database, patchSettings(readSettings(database), { signing }));
  } finally {
    database.close();
  }
  return { token, leaderToken };
}
