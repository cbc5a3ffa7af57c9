import type { TokenEntry } from '../../../contract/token-register.ts';
import { systemClock, vietnamDate } from '../../../shared/clock.ts';
import { type CommandArguments, flag, parseCommand, text, usage, wholeNumber } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

const words =
  'token register list [--within NGÀY] [--retired] | add --key URI --name T | hand-over ID --given-by T --received-by T | change ID --reason T | retire ID --reason T';

export const tokenRegisterOptions = {
  within: { type: 'string' },
  retired: { type: 'boolean' },
  key: { type: 'string' },
  name: { type: 'string' },
  holder: { type: 'string' },
  purpose: { type: 'string' },
  note: { type: 'string' },
  reason: { type: 'string' },
  'given-by': { type: 'string' },
  'received-by': { type: 'string' },
  date: { type: 'string' },
} as const;

/** `an-thu token register …`: the office's register of tokens and certificates with its handover minutes. */
export async function tokenRegisterCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, tokenRegisterOptions);
  switch (verb) {
    case 'list':
      return list(args);
    case 'add':
      return change(args, (engine) =>
        engine.call('token-register.add', {
          keyUri: needed(args, 'key'),
          name: needed(args, 'name'),
          holder: text(args, 'holder'),
          purpose: purposeOf(args) ?? 'person',
          note: text(args, 'note'),
        }),
      );
    case 'hand-over':
      return change(args, (engine) =>
        engine.call('token-register.hand-over', {
          id: idOf(args),
          givenBy: needed(args, 'given-by'),
          receivedBy: needed(args, 'received-by'),
          date: text(args, 'date') ?? vietnamDate(systemClock.now()),
          note: text(args, 'note'),
        }),
      );
    case 'change':
      return change(args, (engine) =>
        engine.call('token-register.change', {
          id: idOf(args),
          name: text(args, 'name'),
          purpose: purposeOf(args),
          note: text(args, 'note'),
          reason: needed(args, 'reason'),
        }),
      );
    case 'retire':
      return change(args, (engine) =>
        engine.call('token-register.retire', { id: idOf(args), reason: needed(args, 'reason') }),
      );
    default:
      throw usage(words);
  }
}

type Engine = Parameters<Parameters<typeof withEngine>[2]>[0];

async function list(args: CommandArguments): Promise<Outcome> {
  const within = wholeNumber(args, 'within', /^\d{1,4}$/, 'cần số ngày');
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const { entries } = await engine.call('token-register.list', {
      ...(within !== undefined && { expiringWithinDays: within }),
      retired: flag(args, 'retired') ? 'include' : 'leave-out',
    });
    return { json: { entries }, text: entries.map(describe), status: 0 };
  });
}

async function change(
  args: CommandArguments,
  work: (engine: Engine) => Promise<TokenEntry>,
): Promise<Outcome> {
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const entry = await work(engine);
    return { json: entry, text: [describe(entry)], status: 0 };
  });
}

function describe(entry: TokenEntry): string {
  const state = entry.retiredAt
    ? `thôi dùng: ${entry.retiredReason ?? ''}`
    : entry.daysLeft < 0
      ? 'đã hết hạn'
      : `còn ${entry.daysLeft} ngày`;
  const purpose = entry.purpose === 'agency' ? 'cơ quan' : 'cá nhân';
  return `${entry.id} · ${entry.name} · ${entry.subject} · ${purpose} · người giữ: ${entry.holder || '–'} · ${state}`;
}

function needed(args: CommandArguments, name: string): string {
  const value = text(args, name)?.trim();
  if (!value) throw usage(`thiếu --${name}`);
  return value;
}

function idOf(args: CommandArguments): string {
  const [id] = args.positionals;
  if (id === undefined) throw usage(words);
  return id;
}

function purposeOf(args: CommandArguments): 'agency' | 'person' | undefined {
  const purpose = text(args, 'purpose');
  if (purpose === undefined || purpose === 'agency' || purpose === 'person') return purpose;
  throw usage('--purpose phải là agency hoặc person');
}
