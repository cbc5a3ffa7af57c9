import { readFile, writeFile } from 'node:fs/promises';
import { type Bar, type BenchResult, figure, isMet } from './result.ts';

/** What was measured, when and where: written beside every table. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  /** Load average of the minute before and at the end. */
  readonly loadBefore: string;
  readonly loadAfter: string;
  readonly commit: string;
}

export const describeBar = (bar: Bar): string =>
  `${bar.what}: ${bar.unit === '×' ? bar.value.toFixed(2) : figure(bar.value)} ${bar.unit} (bar ${bar.limit} ${bar.unit}): ${isMet(bar) ? 'met' : 'NOT MET'}`;

/** A benchmark's section as Markdown. */
export function asMarkdown(result: BenchResult, circumstances: Circumstances): string {
  const { date, machine, loadBefore, loadAfter, commit } = circumstances;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `## ${result.name}: ${result.title}`,
    '',
    result.method,
    '',
    line(['', ...result.columns]),
    line(['---', ...result.columns.map(() => '---:')]),
    ...result.rows.map((row) => line([row.label, ...row.cells])),
    '',
    ...result.bars.map((bar) => `- ${describeBar(bar)}`),
    ...(result.bars.length > 0 ? [''] : []),
    `${date}, commit ${commit}, load average ${loadBefore} before and ${loadAfter} after. ${machine}.`,
    '',
  ].join('\n');
}

const marks = (name: string) => [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`] as const;

/** Puts sections between their marks in a Markdown file; text around them and other benchmarks' sections stay. */
export async function writeSections(path: string, sections: ReadonlyMap<string, string>): Promise<void> {
  let text = await readFile(path, 'utf8');
  for (const [name, section] of sections) {
    const [open, close] = marks(name);
    const start = text.indexOf(open);
    const end = text.indexOf(close);
    const block = `${open}\n\n${section}\n${close}`;
    text =
      start < 0 || end < start
        ? `${text.trimEnd()}\n\n${block}\n`
        : text.slice(0, start) + block + text.slice(end + close.length);
  }
  await writeFile(path, text);
}
