import { resolve } from 'node:path';
import { type CommandArguments, parseCommand, text, usage } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

export const archiveOptions = {
  register: { type: 'string' },
  year: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const;

/** `an-thu archive check | export DIR`. */
export async function archiveCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  const args = parseCommand(rest, archiveOptions);
  switch (verb) {
    case 'check':
      return check(args);
    case 'export':
      return exportPackage(args);
    default:
      throw usage('archive check | export DIR');
  }
}

/** Reads every stored file again. */
function check(args: CommandArguments): Promise<Outcome> {
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const result = await engine.call('archive.check', {});
    const lines = [
      `Đã kiểm tra ${result.checked} tệp, hỏng ${result.damaged.length}, thừa ${result.orphans}.`,
      ...result.damaged.map((item) => `  ${item.problem}: ${item.sha256}`),
    ];
    return { json: result, text: lines, status: result.damaged.length > 0 ? 2 : 0 };
  });
}

function exportPackage(args: CommandArguments): Promise<Outcome> {
  const [path, ...more] = args.positionals;
  if (path === undefined || more.length > 0) throw usage('cần đúng một thư mục');
  const year = text(args, 'year');
  if (year !== undefined && !/^\d{4}$/.test(year)) throw usage('--year cần một năm, bốn chữ số');
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const made = await engine.call('archive.export', {
      path: resolve(path),
      registerId: text(args, 'register'),
      year: year === undefined ? undefined : Number(year),
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
