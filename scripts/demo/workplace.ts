import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { sealPin } from '../../core/contract/seal-pin.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { readCertificates } from '../../core/trust/certificate.ts';
import { createSoftHsm } from '../lib/softhsm.ts';
import { type DemoClamd, startDemoClamd } from '../lib/clamd.ts';
import { loopbackPort } from '../lib/loopback-port.ts';
import {
  createDemoPki,
  type DemoOcsp,
  type DemoPki,
  loadDemoPki,
  startDemoOcsp,
  startDemoTsa,
} from '../pki/index.ts';
import { type ProvincialServer, startProvincialServer } from '../provincial-server/server.ts';

/** The commune of the demo. Invented, like every name in it. */
export const demoAgency = {
  name: 'Ủy ban nhân dân xã Hòa Thịnh',
  parentName: 'Ủy ban nhân dân tỉnh An Lạc',
  organId: 'H99.33',
  place: 'Hòa Thịnh',
} as const;
/** Who issued and signed the sample e-document (scripts/samples/letters.ts, `announcement`). */
export const demoSender = {
  name: 'Sở Khoa học và Công nghệ tỉnh An Lạc',
  organId: 'H99.07',
  signer: { competence: 'TL. Giám đốc', position: 'Chánh Văn phòng', fullName: 'Tạ Hoàng Lâm' },
} as const;
/** Protects only sample keys made on this machine. */
export const DEMO_PIN = '24681357';

const stateSchema = z.object({
  dataDir: z.string(),
  keyUri: z.string(),
  softHsmConf: z.string().nullable(),
  scanner: z.boolean(),
  officeId: z.string(),
  secret: z.string(),
  tsaPort: z.number(),
  serverPort: z.number(),
});
type WorkplaceState = z.infer<typeof stateSchema>;

export interface Workplace {
  readonly root: string;
  readonly dataDir: string;
  readonly scanFolder: string;
  readonly pki: DemoPki;
  readonly keyUri: string;
  readonly officeId: string;
  readonly server: ProvincialServer;
  readonly clamd: DemoClamd | null;
  readonly ocsp: DemoOcsp;
  readonly tsaUrl: string;
  /** Environment that an engine on this office needs. */
  readonly engineEnv: Readonly<Record<string, string>>;
  /** Ends every service; data and keys stay. */
  stop(): Promise<void>;
}

export interface WorkplaceOptions {
  /** Folder of everything: keys, scan folder, province, data. */
  readonly root: string;
  readonly key: 'soft-token' | 'softhsm';
  readonly scanner: 'clamd' | 'left-out';
}

const clamdFolder = (root: string) => join(root, 'clamd');
const pkiFolder = (root: string) => join(root, 'pki');
const provinceFolder = (root: string) => join(root, 'province');
const stateFile = (root: string) => join(root, 'workplace.json');

/** Makes a sample office: keys and CA, services on loopback, an account at the reference server, a data folder. */
export async function createWorkplace(options: WorkplaceOptions): Promise<Workplace> {
  const { root } = options;
  const scanFolder = join(root, 'may-quet');
  await mkdir(scanFolder, { recursive: true, mode: 0o700 });
  const pki = await createDemoPki(pkiFolder(root), {
    agencyName: demoAgency.name,
    organId: demoAgency.organId,
    senderName: demoSender.name,
    senderOrganId: demoSender.organId,
    leader: { name: 'Trần Văn Minh', title: 'Phó Chủ tịch' },
    pin: DEMO_PIN,
  });
  const token = options.key === 'softhsm' ? await softHsmToken(root, pki) : softToken(pki);
  const secret = randomBytes(24).toString('base64url');
  await writeFile(join(root, 'server-secret'), secret, { mode: 0o600 });
  const officeId = 'hoa-thinh';
  const services = await startServices(root, pki, {
    officeId,
    secret,
    scanner: options.scanner === 'clamd',
    // Kept offices and those of tests find their services again at the same addresses.
    tsaPort: await loopbackPort(),
    serverPort: await loopbackPort(),
  });
  const dataDir = join(root, 'data');
  await setUpAgency(dataDir, {
    agency: { ...demoAgency, demo: true },
    registers: [{ name: 'Sổ văn bản đến' }],
    settings: {
      clerkName: 'Lê Thị Mai (văn thư mẫu)',
      watchedFolders: [{ path: scanFolder, polling: false }],
      scanner: scannerSettings(services.clamd),
      signing: {
        keyUri: token.keyUri,
        level: 'B-T',
        tsaUrl: services.tsaUrl,
        modules: token.modules,
        softTokens: token.softTokens,
      },
      sync: { serverUrl: services.server.url, officeId, everySeconds: 30 },
      settle: { quietMs: 400, incompleteAfterMs: 8_000 },
    },
    anchors: [pki.rootPath],
    tsaAnchors: [pki.rootPath],
    certificates: [pki.issuingPath],
    serverSecretFile: join(root, 'server-secret'),
  });
  const state: WorkplaceState = {
    dataDir,
    keyUri: token.keyUri,
    softHsmConf: token.softHsmConf,
    scanner: options.scanner === 'clamd',
    officeId,
    secret,
    tsaPort: Number(new URL(services.tsaUrl).port),
    serverPort: Number(new URL(services.server.url).port),
  };
  await writeFile(stateFile(root), JSON.stringify(state, null, 2), { mode: 0o600 });
  const engineEnv = softHsmEnv(token.softHsmConf);
  return { root, dataDir, scanFolder, pki, keyUri: token.keyUri, officeId, engineEnv, ...services };
}

/** Starts the services of a sample office that was kept, on the ports its data folder knows. */
export async function reopenWorkplace(root: string): Promise<Workplace> {
  const state = stateSchema.parse(JSON.parse(await readFile(stateFile(root), 'utf8')));
  const pki = await loadDemoPki(pkiFolder(root));
  const services = await startServices(root, pki, state);
  return {
    root,
    engineEnv: softHsmEnv(state.softHsmConf),
    dataDir: state.dataDir,
    scanFolder: join(root, 'may-quet'),
    pki,
    keyUri: state.keyUri,
    officeId: state.officeId,
    ...services,
  };
}

/** SoftHSM2 reads the name of its configuration from the environment of the token host, our own included. */
function softHsmEnv(conf: string | null): Record<string, string> {
  const env: Record<string, string> = conf === null ? {} : { SOFTHSM2_CONF: conf };
  Object.assign(process.env, env);
  return env;
}

/** Types the sample PIN, the way the window does. */
export async function unlockSampleKey(engine: Engine, keyUri: string): Promise<void> {
  const pinKey = await engine.call('token.pin-key', { keyUri });
  await engine.call('token.unlock', { keyUri, sealedPin: await sealPin(pinKey, DEMO_PIN) });
}

type Services = Pick<Workplace, 'server' | 'clamd' | 'ocsp' | 'tsaUrl' | 'stop'>;

async function startServices(
  root: string,
  pki: DemoPki,
  options: Pick<WorkplaceState, 'officeId' | 'secret' | 'scanner' | 'tsaPort' | 'serverPort'>,
): Promise<Services> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const tsa = await startDemoTsa(pki, { port: options.tsaPort });
    stops.push(() => tsa.close());
    const ocsp = await startDemoOcsp(pki);
    // A test may have closed it before.
    stops.push(() => ocsp.close().catch(() => undefined));
    const server = await startProvincialServer({
      dir: provinceFolder(root),
      port: options.serverPort,
      offices: [
        {
          officeId: options.officeId,
          secret: options.secret,
          organId: demoAgency.organId,
          organName: demoAgency.name,
        },
      ],
    });
    stops.push(() => server.close());
    let clamd: DemoClamd | null = null;
    if (options.scanner) {
      await mkdir(clamdFolder(root), { recursive: true, mode: 0o700 });
      const daemon = await startDemoClamd(clamdFolder(root), { signatures: 'system' });
      clamd = daemon;
      stops.push(() => daemon.stop());
    }
    return { server, clamd, ocsp, tsaUrl: tsa.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function scannerSettings(clamd: DemoClamd | null) {
  if (!clamd) return { mode: 'left-out' as const };
  return 'socketPath' in clamd
    ? { mode: 'clamd' as const, socketPath: clamd.socketPath }
    : { mode: 'clamd' as const, host: clamd.host, port: clamd.port };
}

interface TokenSetup {
  readonly keyUri: string;
  readonly modules: string[];
  readonly softTokens: string[];
  readonly softHsmConf: string | null;
}

function softToken(pki: DemoPki): TokenSetup {
  const keyUri = pathToFileURL(pki.agency.pkcs12).href;
  return { keyUri, modules: [], softTokens: [pki.agency.pkcs12], softHsmConf: null };
}

async function softHsmToken(root: string, pki: DemoPki): Promise<TokenSetup> {
  const [certificate] = readCertificates(await readFile(pki.agency.certificate));
  if (!certificate) throw new Error('the agency has no certificate');
  const hsm = createSoftHsm({
    folder: join(root, 'softhsm'),
    tokenLabel: 'UBND xã Hòa Thịnh',
    pin: DEMO_PIN,
    keys: [
      {
        id: '01',
        label: 'agency',
        privateKeyPem: await readFile(pki.agency.key, 'utf8'),
        certificate: certificate.der,
      },
    ],
    certificates: readCertificates(await readFile(pki.issuingPath)).map(({ der }) => der),
  });
  return {
    keyUri: hsm.uri('01'),
    modules: [hsm.modulePath],
    softTokens: [],
    softHsmConf: hsm.env.SOFTHSM2_CONF,
  };
}
