import { homedir, release, totalmem } from 'node:os';
import type { ProcedureOutput } from '../../../contract/procedures.ts';
import type { TokenDiagnosis } from '../../../contract/token-diagnosis.ts';
import { systemClock, vietnamIso } from '../../../shared/clock.ts';
import { AnThuError } from '../../../shared/errors.ts';
import { writeNamedFile } from '../../services/named-output.ts';
import { version } from '../../version.ts';
import { type CommandArguments, parseCommand } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import { outputOption } from '../output-option.ts';
import type { Outcome } from '../output.ts';
import { withoutSecrets } from '../support-bundle.ts';
import { diagnoseMachine } from '../token-source.ts';
import { diagnosisLines, hasProblem } from '../token-words.ts';
import { knownTries } from '../tokens.ts';

type ServiceState = ProcedureOutput<'services.status'>['services'][number];

/** A service with how it is in one text. */
type ServiceFinding = Omit<ServiceState, 'said'> & { readonly text: string };

const finding = ({ name, state, said, detail }: ServiceState): ServiceFinding => ({
  name,
  state,
  text: said.map(({ message }) => message).join(' '),
  detail,
});

/** What the doctor finds; `status` and the like are null where there is no data folder yet. */
interface Examination {
  readonly status: ProcedureOutput<'engine.status'> | null;
  readonly services: readonly ServiceFinding[];
  readonly tokens: TokenDiagnosis;
  /** For the bundle only. */
  readonly office: object | null;
}

const RECENT_EVENTS = 100;

export const doctorOptions = { bundle: { type: 'string' }, force: { type: 'boolean' } } as const;

/** `an-thu doctor [--bundle FILE]`: every outside part, its state and what to do; a file for support, without secrets. */
export async function doctorCommand(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, doctorOptions);
  const bundle = await outputOption(args, 'bundle');
  const { status, services, tokens, office } = await examine(args);
  if (bundle) await writeNamedFile(args.dataDir, bundle, bundleOf({ status, services, tokens, office }));
  return {
    json: { status, services, tokens, ...(bundle && { bundle: bundle.path }) },
    text: [
      `Ấn Thư ${version} · ${status?.dataDir ?? 'chưa có dữ liệu (xem an-thu agency init)'}`,
      ...services.map((service) => `${service.state.padEnd(11)} ${service.name}: ${service.text}`),
      ...diagnosisLines(tokens, await knownTries(args.dataDir)),
      ...(bundle ? [`Đã ghi gói hỗ trợ (không có mã PIN hay khóa): ${bundle.path}`] : []),
    ],
    status: services.some((service) => service.state === 'unavailable') || hasProblem(tokens) ? 1 : 0,
  };
}

async function examine(args: CommandArguments): Promise<Examination> {
  try {
    return await withEngine(args.dataDir, 'idle', async (engine) => {
      const { services } = await engine.call('services.status', {});
      const tokens = await engine.call('tokens.diagnose', {});
      const { entries } = await engine.call('audit.list', { limit: RECENT_EVENTS });
      return {
        status: await engine.call('engine.status', {}),
        services: services.map(finding),
        tokens,
        office: {
          settings: await engine.call('settings.get', {}),
          sync: await engine.call('sync.status', {}),
          // What happened and when; never to which document or with what in it.
          recent: entries.map(({ at, action }) => ({ at, action })),
        },
      };
    });
  } catch (thrown) {
    if (!(thrown instanceof AnThuError) || thrown.code !== 'store.no-data') throw thrown;
    return { status: null, services: [], tokens: await diagnoseMachine(args.dataDir), office: null };
  }
}

function bundleOf(found: Examination): string {
  const bundle = {
    format: 'an-thu-support-1',
    version,
    writtenAt: vietnamIso(systemClock.now()),
    machine: {
      platform: process.platform,
      release: release(),
      architecture: process.arch,
      node: process.version,
      memoryMb: Math.round(totalmem() / 2 ** 20),
    },
    ...found,
  };
  return `${JSON.stringify(withoutSecrets(bundle, homedir()), null, 2)}\n`;
}
