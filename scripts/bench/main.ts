import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { load, machine } from './machine.ts';
import { benchOptions } from './options.ts';
import { type BenchResult, isMet } from './result.ts';
import { asMarkdown, type Circumstances, describeBar, writeSections } from './tables.ts';

// node scripts/bench/main.ts [NAME…] [--json] [--write] [--strict] [--tiny]
const root = resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({ allowPositionals: true, options: benchOptions });

process.exitCode = await main();

async function main(): Promise<number> {
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  const unknown = names.find((name) => !Object.hasOwn(benchmarks, name));
  if (unknown !== undefined || (values.write && values.tiny)) {
    process.stderr.write(
      `an-thu bench [${Object.keys(benchmarks).join(' | ')}]… [--json] [--write] [--strict]\n`,
    );
    return 64;
  }
  const results: (BenchResult & { circumstances: Circumstances })[] = [];
  const sections = new Map<string, string>();
  for (const name of names) {
    const loadBefore = load();
    const result = await benchmarks[name as keyof typeof benchmarks]({
      size: values.tiny ? 'tiny' : 'full',
      note: (line) => void process.stderr.write(`${line}\n`),
    });
    const circumstances = {
      date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
      machine: machine(),
      loadBefore,
      loadAfter: load(),
      commit: commit(),
    };
    results.push({ ...result, circumstances });
    const section = asMarkdown(result, circumstances);
    sections.set(name, section);
    if (!values.json) process.stdout.write(`${section}\n`);
    if (values.write) await writeSections(join(root, 'docs/benchmarks.md'), sections);
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ benchmarks: results }, null, 2)}\n`);
  const missed = results.flatMap(({ bars }) => bars).filter((bar) => !isMet(bar));
  for (const bar of missed) process.stderr.write(`${describeBar(bar)}\n`);
  return values.strict && missed.length > 0 ? 1 : 0;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
