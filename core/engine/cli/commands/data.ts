import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { arrivalFieldsSchema } from '../../../contract/intake.ts';
import type { Arrival } from '../../../contract/register.ts';
import type { ProcedureOutput } from '../../../contract/procedures.ts';
import { AnThuError } from '../../../shared/errors.ts';
import { showOutsideText } from '../../../shared/outside-text.ts';
import { agencyFileSchema, type AgencySettings, setUpAgency } from '../../agency-setup.ts';
import { flag, parseCommand, text, texts, usage, wholeNumber, yearOption } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import { note, printLine, type Outcome } from '../output.ts';
import { bookOptions, registerExport, registerPrint } from './register-book.ts';

export const agencyOptions = { file: { type: 'string' } } as const;

/** `an-thu agency init --file agency.json`: a data folder with its agency, registers, certificates and settings. */
export async function agencyCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  if (verb !== 'init') throw usage('agency init --file agency.json');
  const args = parseCommand(rest, agencyOptions);
  const file = text(args, 'file');
  if (file === undefined) throw usage('thiếu --file');
  const parsed = agencyFileSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AnThuError('general.invalid-input', {
      reason: `${file}: ${issue?.path.join('.')}: ${issue?.message}`,
    });
  }
  const config = parsed.data;
  const base = dirname(resolve(file));
  const from = (path: string) => resolve(base, path);
  await setUpAgency(args.dataDir, {
    ...config,
    settings: withAbsolutePaths(config.settings, from),
    anchors: config.anchors.map(from),
    tsaAnchors: config.tsaAnchors.map(from),
    certificates: config.certificates.map(from),
    serverSecretFile: config.serverSecretFile === undefined ? undefined : from(config.serverSecretFile),
  });
  return {
    json: { ok: true, dataDir: args.dataDir, agency: config.agency },
    text: [`Đã khởi tạo dữ liệu của ${config.agency.name} tại ${args.dataDir}`],
    status: 0,
  };
}

/** Paths inside the settings mean the folder of the file too; nothing in the database depends on where we stand. */
function withAbsolutePaths(settings: AgencySettings, from: (path: string) => string): AgencySettings {
  const { watchedFolders, signing } = settings;
  return {
    ...settings,
    ...(watchedFolders && {
      watchedFolders: watchedFolders.map((folder) => ({ ...folder, path: from(folder.path) })),
    }),
    ...(signing && {
      signing: {
        ...signing,
        ...(signing.modules && { modules: signing.modules.map(from) }),
        ...(signing.softTokens && { softTokens: signing.softTokens.map(from) }),
      },
    }),
  };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AnThuError('general.invalid-input', { reason: `${path}: JSON` });
    throw new AnThuError('general.no-such-input', { path }, { cause: error });
  }
}

const SETTLE_TIMEOUT_MS = 600_000;

export const intakeWatchOptions = { once: { type: 'boolean' } } as const;

/** `an-thu intake add FILE… | watch [DIR…] [--once] | list`. */
export async function intakeCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  if (verb === 'add') return intakeAdd(rest);
  if (verb === 'watch') return intakeWatch(rest);
  if (verb === 'list') return intakeList(rest);
  throw usage('intake add | watch | list');
}

async function intakeAdd(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, {});
  if (args.positionals.length === 0) throw usage('cần ít nhất một tệp');
  return withEngine(args.dataDir, 'work', async (engine) => {
    const paths = args.positionals.map((path) => resolve(path));
    const { items, failed } = await engine.call('intake.add', { paths });
    await engine.call('engine.settled', { timeoutMs: SETTLE_TIMEOUT_MS });
    const done = await Promise.all(items.map((item) => engine.call('intake.get', { id: item.id })));
    return {
      json: { items: done, failed },
      text: [
        ...done.map(describeItem),
        ...failed.map(({ path, error }) => `${showOutsideText(path)}: ${error.message}`),
      ],
      status: failed.length === 0 && done.every((item) => item.error === null) ? 0 : 1,
    };
  });
}

async function intakeWatch(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, intakeWatchOptions);
  return withEngine(args.dataDir, 'work', async (engine) => {
    if (args.positionals.length > 0) {
      const watchedFolders = args.positionals.map((path) => ({ path: resolve(path), polling: false }));
      await engine.call('settings.set', { watchedFolders });
    }
    const show = async (id: string) => {
      const item = await engine.call('intake.get', { id });
      if (args.mode === 'json-lines') printLine({ event: 'intake', item });
      else if (args.mode === 'text') process.stdout.write(`${describeItem(item)}\n`);
    };
    const stop = engine.onEvent((name, value) => {
      const id = name === 'intake.changed' ? (value as { id: string | null }).id : null;
      if (id !== null) void show(id).catch(() => undefined);
    });
    if (flag(args, 'once')) {
      const { ok } = await engine.call('engine.settled', { timeoutMs: SETTLE_TIMEOUT_MS });
      stop();
      const { items } = await engine.call('intake.list', {});
      return { json: { items }, text: [], status: ok ? 0 : 75, lines: 'told' };
    }
    note('Đang theo dõi thư mục quét. Nhấn Ctrl+C để dừng.');
    await new Promise<void>((end) => {
      process.once('SIGINT', end);
      process.once('SIGTERM', end);
    });
    stop();
    return { json: { ok: true }, text: [], status: 0, lines: 'told' };
  });
}

async function intakeList(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, {});
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const { items, candidates } = await engine.call('intake.list', {});
    const { folders: elsewhere } = await engine.call('intake.elsewhere', {});
    return {
      json: { items, candidates, elsewhere },
      text: [
        ...items.map(describeItem),
        ...candidates.map(({ name, path, error }) => error?.message ?? `… ${name}  ${showOutsideText(path)}`),
        ...elsewhere.flatMap(describeElsewhere),
      ],
      status: 0,
    };
  });
}

/** Files of a scan folder that are another's, or an earlier version's, to finish. */
function describeElsewhere(other: ProcedureOutput<'intake.elsewhere'>['folders'][number]): string[] {
  const holder =
    other.owner === null
      ? 'phiên bản trước, không rõ máy nào'
      : `${other.computer ?? other.owner} (${other.dataFolder ?? '…'})`;
  return other.files.map(
    ({ name, path }) => `Nơi khác đang giữ  ${name}  ${holder}: ${showOutsideText(path)}`,
  );
}

function describeItem(item: {
  id: string;
  originalName: string;
  state: string;
  error: { message: string } | null;
}): string {
  return `${item.id}  ${item.state.padEnd(11)}  ${item.originalName}${item.error ? `  ${item.error.message}` : ''}`;
}

export const registerOptions = {
  field: { type: 'string', multiple: true },
  reason: { type: 'string' },
  year: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  register: { type: 'string' },
  limit: { type: 'string' },
  'lost-number': { type: 'string' },
  'arrival-date': { type: 'string' },
  'duplicate-accepted': { type: 'boolean' },
  decision: { type: 'string' },
  ...bookOptions,
} as const;

/** `an-thu register accept | void | list | show | search | gaps | print | export`. */
export async function registerCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, registerOptions);
  const [first] = args.positionals;
  const need = (): string => {
    if (first === undefined) throw usage('thiếu mã');
    return first;
  };
  switch (verb) {
    case 'accept':
      return withEngine(args.dataDir, 'work', async (engine) => {
        const item = await engine.call('intake.get', { id: need() });
        const fields = fieldsOf(item.proposal, texts(args, 'field'));
        const accepted = await engine.call('intake.accept', {
          id: item.id,
          registerId: text(args, 'register'),
          fields,
          lostNumber: lostNumber(text(args, 'lost-number')),
          arrivalDate: text(args, 'arrival-date'),
          duplicateAccepted: flag(args, 'duplicate-accepted'),
          decision: text(args, 'decision'),
        });
        return {
          json: accepted,
          text: [`Đã vào sổ, số đến ${accepted.number}/${accepted.year}.`],
          status: 0,
        };
      });
    case 'void':
      return withEngine(args.dataDir, 'idle', async (engine) => {
        const reason = text(args, 'reason');
        if (reason === undefined) throw usage('thiếu --reason');
        const arrival = await engine.call('register.void', { id: need(), reason });
        return { json: arrival, text: [describeArrival(arrival)], status: 0 };
      });
    case 'show':
      return withEngine(args.dataDir, 'idle', async (engine) => {
        const arrival = await engine.call('register.get', { id: need() });
        const document = await engine.call('document.get', { id: arrival.documentId });
        return { json: document, text: [describeArrival(arrival)], status: 0 };
      });
    case 'list':
    case 'search':
      return withEngine(args.dataDir, 'idle', async (engine) => {
        const result = await engine.call('register.list', {
          registerId: text(args, 'register'),
          year: yearOption(args),
          query: args.positionals.join(' '),
          from: text(args, 'from'),
          to: text(args, 'to'),
          limit: wholeNumber(args, 'limit') ?? 100,
        });
        return { json: result, text: result.rows.map(describeArrival), status: 0 };
      });
    case 'gaps':
      return withEngine(args.dataDir, 'idle', async (engine) => {
        const { gaps } = await engine.call('register.gaps', {});
        const { registers } = await engine.call('register.registers', {});
        const nameOf = (id: string) => registers.find((register) => register.id === id)?.name ?? id;
        return {
          json: { gaps },
          text:
            gaps.length === 0
              ? ['Sổ không thiếu số nào.']
              : gaps.map((gap) => describeGap(gap, nameOf(gap.registerId))),
          status: 0,
        };
      });
    case 'print':
      return registerPrint(args);
    case 'export':
      return registerExport(args);
    default:
      throw usage('register accept | void | list | show | search | gaps | print | export');
  }
}

function lostNumber(given: string | undefined): { year: number; number: number } | undefined {
  if (given === undefined) return undefined;
  const [, number, year] = /^(\d{1,6})\/(\d{4})$/.exec(given) ?? [];
  if (number === undefined) throw usage('--lost-number cần dạng SỐ/NĂM, ví dụ 12/2026');
  return { year: Number(year), number: Number(number) };
}

const describeGap = (
  { year, first, last, ranges }: ProcedureOutput<'register.gaps'>['gaps'][number],
  register: string,
) => {
  const missing = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const words = ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
  return `${register}: số đến ${first}–${last}/${year}, chưa vào lại ${missing} số: ${words}`;
};

interface ProposalValues {
  readonly [name: string]: unknown;
}

/** Proposed values, overridden by `--field name=value`. */
function fieldsOf(proposal: ProposalValues | null, overrides: readonly string[]) {
  const value = (name: string): unknown =>
    (proposal?.[name] as { value?: unknown } | null | undefined)?.value;
  const fields: Record<string, unknown> = {
    issuer: value('issuer') ?? '',
    docNumber: value('docNumber') ?? '',
    docNotation: value('docNotation') ?? '',
    docDate: value('docDate') ?? null,
    typeName: value('typeName') ?? '',
    subject: value('subject') ?? '',
    urgency: value('urgency') ?? 'thuong',
    signerName: value('signerName') ?? '',
  };
  for (const override of overrides) {
    const at = override.indexOf('=');
    if (at < 1) throw usage(`--field ${override}: cần dạng tên=giá trị`);
    fields[override.slice(0, at)] = override.slice(at + 1);
  }
  const parsed = arrivalFieldsSchema.safeParse(fields);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new AnThuError('general.invalid-input', { reason: `còn thiếu hoặc sai: ${names}` });
  }
  return parsed.data;
}

function describeArrival(arrival: Arrival): string {
  const number = `${arrival.number}${arrival.suffix}/${arrival.year}`;
  const state = arrival.voidedAt
    ? `ĐÃ HỦY (${arrival.voidReason})`
    : `${arrival.documentState}, ${arrival.delivery}`;
  return `${number}  ${arrival.arrivalDate}  ${arrival.docNumber}/${arrival.docNotation}  ${arrival.issuer}  ${arrival.subject}  [${state}]`;
}
