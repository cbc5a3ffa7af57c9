import { extname, resolve } from 'node:path';
import type { ProcedureInput } from '../../../contract/procedures.ts';
import { type CommandArguments, flag, text, usage, wholeNumber, yearOption } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import type { Outcome } from '../output.ts';

/** Options of `register print` and `export`, beside those of every part of `register`. */
export const bookOptions = {
  'from-number': { type: 'string' },
  'to-number': { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
  volume: { type: 'string' },
  format: { type: 'string' },
  separator: { type: 'string' },
} as const;

/** `an-thu register print --out FILE`: the legal book as a PDF. */
export function registerPrint(args: CommandArguments): Promise<Outcome> {
  const input = { ...target(args), volume: text(args, 'volume') };
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const book = await engine.call('register.print', input);
    return {
      json: book,
      text: [
        `Đã lưu sổ để in: ${book.entries} mục, từ số ${book.first} đến số ${book.last}, ${book.pages} trang: ${book.path}`,
      ],
      status: 0,
    };
  });
}

/** `an-thu register export --out FILE`: every field as CSV or JSON. */
export function registerExport(args: CommandArguments): Promise<Outcome> {
  const input = { ...target(args), format: formatOf(args), separator: separatorOf(args) };
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const written = await engine.call('register.export', input);
    return {
      json: written,
      text: [
        `Đã xuất ${written.entries} mục, từ số ${written.first} đến số ${written.last}: ${written.path}`,
      ],
      status: 0,
    };
  });
}

/** Which entries, and where to. */
function target(args: CommandArguments): ProcedureInput<'register.print'> {
  if (args.positionals.length > 0) throw usage(`thừa «${args.positionals.join(' ')}»`);
  const out = text(args, 'out');
  if (out === undefined) throw usage('thiếu --out');
  return {
    registerId: text(args, 'register'),
    year: yearOption(args),
    from: text(args, 'from'),
    to: text(args, 'to'),
    fromNumber: wholeNumber(args, 'from-number'),
    toNumber: wholeNumber(args, 'to-number'),
    path: resolve(out),
    existing: flag(args, 'force') ? 'replace' : 'refuse',
  };
}

function formatOf(args: CommandArguments): 'csv' | 'json' {
  const given = text(args, 'format') ?? (extname(text(args, 'out') ?? '') === '.json' ? 'json' : 'csv');
  if (given !== 'csv' && given !== 'json') throw usage(`--format ${given}: csv hoặc json`);
  return given;
}

function separatorOf(args: CommandArguments): 'comma' | 'semicolon' {
  const given = text(args, 'separator') ?? 'comma';
  if (given !== 'comma' && given !== 'semicolon') throw usage(`--separator ${given}: comma hoặc semicolon`);
  return given;
}
