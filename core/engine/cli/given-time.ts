import { z } from 'zod';
import { dataFolderAt, hasData } from '../../store/data-folder.ts';
import { type CommandArguments, text, usage } from './arguments.ts';

/**
 * The signing time of `--time` (design/cli.md, "sign"): for samples and tests that must come out the same every time. Only
 * soft keys may say another time than now, and only where no real agency's data lie. Undefined without the option.
 * Throws `general.usage`.
 */
export async function givenTime(args: CommandArguments, keyUri: string): Promise<Date | undefined> {
  const written = text(args, 'time');
  if (written === undefined) return undefined;
  if (!z.iso.datetime({ offset: true }).safeParse(written).success)
    throw usage('--time phải theo ISO 8601, có múi giờ, ví dụ 2026-11-20T15:04:05+07:00');
  if (!keyUri.startsWith('file:'))
    throw usage('--time chỉ dùng với khóa mềm (file:), không dùng với thiết bị ký thật');
  if (await isRealOffice(args.dataDir))
    throw usage('--time không dùng được khi thư mục dữ liệu là của cơ quan thật');
  return new Date(written);
}

async function isRealOffice(dataDir: string): Promise<boolean> {
  if (!(await hasData(dataFolderAt(dataDir)))) return false;
  const { withEngine } = await import('./connect.ts');
  return withEngine(dataDir, 'idle', async (engine) => !(await engine.call('engine.status', {})).demo);
}
