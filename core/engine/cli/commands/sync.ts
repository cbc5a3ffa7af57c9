import { resolve } from 'node:path';
import type { OutboxEntry, TakenAnswer } from '../../../contract/sync.ts';
import { shownDay, shownMinute } from '../../../shared/clock.ts';
import { AnThuError, fromErrorValue } from '../../../shared/errors.ts';
import { type CommandArguments, flag, parseCommand, usage } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

export const syncOptions = { 'retry-blocked': { type: 'boolean' } } as const;

const SETTLE_TIMEOUT_MS = 600_000;

/** `an-thu sync run | status | export DIR | import DIR`. */
export async function syncCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, syncOptions);
  switch (verb) {
    case 'run':
      return syncRun(args);
    case 'status':
      return syncStatus(args);
    case 'export':
      return syncExport(args);
    case 'import':
      return syncImport(args);
    default:
      throw usage('sync run | status | export DIR | import DIR');
  }
}

function oneFolder({ positionals }: CommandArguments): string {
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw usage('cần đúng một thư mục');
  return resolve(path);
}

/** Day and minute in Vietnam. */
const minuteOf = (instant: string): string => `${shownDay(instant)} ${shownMinute(instant)}`;

function describeEntry(entry: OutboxEntry): string {
  const carried =
    entry.exported && entry.state !== 'acked'
      ? `  đã ghi vào gói số ${entry.exported.sequence} lúc ${minuteOf(entry.exported.at)}, chờ biên nhận`
      : '';
  return `${entry.state.padEnd(8)} ${entry.label}${carried}${entry.error ? `  ${entry.error.message}` : ''}`;
}

function syncStatus(args: CommandArguments): Promise<Outcome> {
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const status = await engine.call('sync.status', {});
    const { entries } = await engine.call('sync.list', {});
    return {
      json: { status, entries },
      text: entries.map(describeEntry),
      status: status.blocked > 0 ? 1 : 0,
    };
  });
}

function syncRun(args: CommandArguments): Promise<Outcome> {
  return withEngine(args.dataDir, 'work', async (engine) => {
    await engine.call('engine.settled', { timeoutMs: SETTLE_TIMEOUT_MS });
    const result = await engine.call('sync.run', { retryBlocked: flag(args, 'retry-blocked') });
    await engine.call('engine.settled', { timeoutMs: SETTLE_TIMEOUT_MS });
    const status = await engine.call('sync.status', {});
    if (!status.online) {
      throw status.lastError
        ? fromErrorValue(status.lastError)
        : new AnThuError('sync.server-away', { reason: 'không kết nối được' });
    }
    return {
      json: { ...result, status },
      text: [
        `Đã gửi ${result.sent}, nhận ${result.fetched}, chờ ${status.pending}, cần xem ${status.blocked}.`,
        ...(status.setAside > 0 && status.lastError ? [status.lastError.message] : []),
      ],
      status: status.pending + status.blocked + status.setAside > 0 ? 1 : 0,
    };
  });
}

function syncExport(args: CommandArguments): Promise<Outcome> {
  const path = oneFolder(args);
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const result = await engine.call('sync.export', { path, retryBlocked: flag(args, 'retry-blocked') });
    const { package: made, left } = result;
    const others = left > 0 ? [`Còn ${left} mục không ghi vào gói: xem «an-thu sync status».`] : [];
    const text = made
      ? [
          `Đã ghi và đọc lại gói số ${made.sequence}: ${made.path}`,
          `${made.operations} mục gửi, ${made.objects} tệp PDF, ${made.acknowledgements} xác nhận đã nhận, ${made.bytes} byte.`,
          'Các mục này vẫn ở trong hàng đợi đến khi có biên nhận của tỉnh. Nội dung gói không mã hóa: chỉ giao cho người được giao nhiệm vụ.',
        ]
      : ['Không có gì chờ gửi, không ghi gói nào.'];
    return { json: result, text: [...text, ...others], status: left > 0 ? 1 : 0 };
  });
}

function syncImport(args: CommandArguments): Promise<Outcome> {
  const path = oneFolder(args);
  return withEngine(args.dataDir, 'work', async (engine) => {
    const result = await engine.call('sync.import', { path });
    const { ok } = await engine.call('engine.settled', { timeoutMs: SETTLE_TIMEOUT_MS });
    const { pending, blocked } = await engine.call('sync.status', {});
    const { items } = await engine.call('intake.list', { states: ['proposed'] });
    const waiting = items.filter(({ source }) => source === 'inbox').length;
    const whole = result.answers.every(({ refused, outcome }) => outcome !== 'partly' && refused === 0);
    return {
      json: { ...result, settled: ok, pending, blocked },
      text: [
        ...result.answers.flatMap(describeAnswer),
        ...result.foreign.map(
          ({ path: folder, officeId }) => `${folder}: của cơ quan khác (${officeId}), để nguyên.`,
        ),
        `Hàng đợi: chờ ${pending}, cần xem ${blocked}. Văn bản điện tử chờ vào sổ: ${waiting}.`,
      ],
      status: whole && ok ? 0 : 1,
    };
  });
}

function describeAnswer(answer: TakenAnswer): readonly string[] {
  if (answer.outcome === 'repeated') return [`${answer.path}: đã nhập trước đây, không có gì thay đổi.`];
  const to = answer.answers === null ? '' : ` (trả lời gói số ${answer.answers})`;
  const counts = `${answer.receipts} biên nhận, ${answer.refused} bị từ chối, ${answer.fetched} gói văn bản mới`;
  const problems = answer.problems.map(({ message }) => `  ${message}`);
  return [`${answer.path}${to}: ${counts}${problems.length > 0 ? '; chưa nhập hết:' : '.'}`, ...problems];
}
