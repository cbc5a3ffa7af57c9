import { resolve } from 'node:path';
import { calendarDateSchema } from '../../../contract/common.ts';
import type { RetentionItem } from '../../../contract/document.ts';
import type { ProcedureOutput } from '../../../contract/procedures.ts';
import { shownDay } from '../../../shared/clock.ts';
import { digestNames, schemeNames } from '../../../trust/signature-algorithm.ts';
import {
  type CommandArguments,
  flag,
  parseCommand,
  text,
  texts,
  usage,
  wholeNumber,
  yearOption,
} from '../arguments.ts';
import { withEngine } from '../connect.ts';
import { note, type Outcome } from '../output.ts';

export const archiveOptions = {
  register: { type: 'string' },
  year: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  within: { type: 'string' },
  ends: { type: 'string', multiple: true },
  limit: { type: 'string' },
  list: { type: 'boolean' },
} as const;

/** `an-thu archive check | export DIR | retain`. */
export async function archiveCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, archiveOptions);
  switch (verb) {
    case 'check':
      return check(args);
    case 'export':
      return exportPackage(args);
    case 'retain':
      return retain(args);
    default:
      throw usage('archive check | export DIR | retain');
  }
}

const problemWords = {
  missing: 'bị mất',
  changed: 'bị thay đổi',
  unreadable: 'không đọc được',
} as const satisfies Record<ProcedureOutput<'archive.check'>['damaged'][number]['problem'], string>;

/** Reads every stored file again. */
function check(args: CommandArguments): Promise<Outcome> {
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const result = await engine.call('archive.check', {});
    const lines = [
      `Đã kiểm tra ${result.checked} tệp, hỏng ${result.damaged.length}, thừa ${result.orphans}.`,
      ...result.damaged.map((item) => `  ${problemWords[item.problem]}: ${item.sha256}`),
    ];
    return { json: result, text: lines, status: result.damaged.length > 0 ? 2 : 0 };
  });
}

function exportPackage(args: CommandArguments): Promise<Outcome> {
  const [path, ...more] = args.positionals;
  if (path === undefined || more.length > 0) throw usage('cần đúng một thư mục');
  const year = yearOption(args);
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const made = await engine.call('archive.export', {
      path: resolve(path),
      registerId: text(args, 'register'),
      year,
      from: text(args, 'from'),
      to: text(args, 'to'),
    });
    const left = made.left > 0 ? [`Còn ${made.left} văn bản chưa ký số xong, chưa có trong gói.`] : [];
    return {
      json: made,
      text: [
        `Đã ghi và đọc lại gói nộp lưu: ${made.path}`,
        `${made.entries} văn bản, ${made.files} tệp, ${made.bytes} byte. Mã SHA-256 của bảng kê SHA256SUMS, ghi vào biên bản giao nhận: ${made.sumsSha256}`,
        'Nơi nhận kiểm tra bằng lệnh «sha256sum -c SHA256SUMS» trong thư mục gói. Nội dung gói không mã hóa.',
        ...left,
      ],
      status: made.left > 0 ? 1 : 0,
    };
  });
}

function retain(args: CommandArguments): Promise<Outcome> {
  const within = wholeNumber(args, 'within');
  const limit = wholeNumber(args, 'limit');
  const ends = texts(args, 'ends').map(algorithmEnd);
  const mode = flag(args, 'list') ? 'list' : 'renew';
  return withEngine(args.dataDir, 'idle', async (engine) => {
    let renewed = 0;
    const stop = engine.onEvent((name) => {
      if (mode === 'renew' && name === 'document.changed') note(`Đã gia hạn ${++renewed} tệp …`);
    });
    const result = await engine.call('archive.retain', { within, limit, ends, mode }).finally(stop);
    const pending = result.items.filter(({ outcome }) => outcome === 'pending').length;
    const text = [
      `${result.signed} tệp đã ký trong kho; ${result.items.length + result.left} tệp cần dấu thời gian mới.`,
      ...result.items.map(describeItem),
      ...(result.left > 0 ? [`Còn ${result.left} tệp ngoài --limit: chạy lại lệnh này.`] : []),
      ...(pending > 0
        ? [`Chưa gia hạn được ${pending} tệp; các tệp đó giữ nguyên. Chạy lại khi dịch vụ sẵn sàng.`]
        : []),
      ...result.unreadable.map(
        (label) =>
          `  ${label}: kết quả kiểm tra lần cuối bị hỏng trong cơ sở dữ liệu; mở văn bản, kiểm tra lại chữ ký rồi chạy lại lệnh này.`,
      ),
    ];
    const undone = pending + result.left + result.unreadable.length;
    return { json: result, text, status: undone > 0 ? 1 : 0 };
  });
}

const algorithms: readonly string[] = [...digestNames, ...schemeNames];

/** A name that no report bears would renew nothing, in silence. */
function algorithmEnd(given: string): { algorithm: string; last: string } {
  const [, name = '', last = ''] = /^([\w-]{1,40})=(\d{4}-\d{2}-\d{2})$/.exec(given) ?? [];
  if (!calendarDateSchema.safeParse(last).success)
    throw usage(`--ends ${given}: cần dạng thuật-toán=YYYY-MM-DD`);
  const algorithm = name.toLowerCase();
  if (!algorithms.includes(algorithm))
    throw usage(`--ends ${given}: không có thuật toán tên này; các tên: ${algorithms.join(', ')}`);
  return { algorithm, last };
}

function describeItem(item: RetentionItem): string {
  const what = item.evidence === 'signature' ? 'chữ ký' : 'dấu thời gian';
  const why = item.reason === 'algorithm' ? `thuật toán của ${what}` : `chứng thư của ${what}`;
  const end =
    item.outcome === 'renewed' && item.renewedUntil !== null
      ? `  đã gia hạn đến ${shownDay(item.renewedUntil)}`
      : item.error
        ? `  ${item.error.message}`
        : '';
  return `  ${item.label}: ${why} hết hạn ${shownDay(item.end)}${end}`;
}
