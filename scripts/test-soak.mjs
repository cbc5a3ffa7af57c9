// npm run test:soak [-- --events N] [--seed N] [--lanes N] [--minutes N] [--deadline MS] [--write]: the long soak of the token
// hosts (10,000 events by default, shared by lanes with seeds of their own; the short one is part of npm test). Prints what was
// met; fails when anything was lost, counted wrongly or left over, or when the time ran out before the last event. `--write`
// publishes the run in docs/soak.md.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { soakTokens } from '../tests/soak/token-soak.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '5' },
    lanes: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '120' },
    deadline: { type: 'string', default: '5000' },
    write: { type: 'boolean' },
  },
});
const [events, seed, lanes] = [values.events, values.seed, values.lanes].map(Number);
const began = new Date();
const started = performance.now();
const commit = commitNow();

/** One lane in this process. */
async function runHere() {
  const report = await soakTokens({
    seed,
    events,
    hosts: 'built',
    deadlineMs: Number(values.deadline),
    atMostMs: Number(values.minutes) * 60_000,
    progress: (line) =>
      process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s, seed ${seed}: ${line}\n`),
  });
  return { seed, wanted: events, ...report };
}

/** One lane in a process of its own; what it found, or null when it did not end by itself. */
function runLane(lane) {
  const share = Math.floor(events / lanes) + (lane < events % lanes ? 1 : 0);
  const args = ['--events', String(share), '--seed', String(seed + lane), '--lanes', '1'];
  args.push('--minutes', values.minutes, '--deadline', values.deadline);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  return new Promise((resolve) => {
    child.on('close', () => {
      try {
        resolve(JSON.parse(text));
      } catch {
        resolve(null);
      }
    });
  });
}

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
const isClean = (report) =>
  report !== null &&
  report.faults.length === 0 &&
  report.signed === report.documents &&
  sum(report.events) === report.wanted;

execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url))], { stdio: 'pipe' });
const reports =
  lanes > 1
    ? await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)))
    : [await runHere()];
for (const report of reports) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
const passed = reports.every(isClean);
const done = reports.reduce((total, report) => total + sum(report?.events ?? {}), 0);
const seconds = Math.round((performance.now() - started) / 1000);
process.stderr.write(`${done} of ${events} events, ${seconds} s: ${passed ? 'passed' : 'FAILED'}\n`);
if (values.write) publish();
process.exitCode = passed ? 0 : 1;

/** The commit that runs, read at the start; says so when files differ from it. */
function commitNow() {
  try {
    const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes';
    return git('rev-parse', '--short', 'HEAD') + changed;
  } catch {
    return 'unknown';
  }
}

/** Writes this run between the marks of docs/soak.md. */
function publish() {
  const path = fileURLToPath(new URL('../docs/soak.md', import.meta.url));
  const found = reports.filter((report) => report !== null);
  const total = (pick) => found.reduce((all, report) => all + pick(report), 0);
  const merged = (pick) =>
    Object.entries(
      found.reduce((all, report) => {
        for (const [name, count] of Object.entries(pick(report))) all[name] = (all[name] ?? 0) + count;
        return all;
      }, {}),
    ).toSorted(([a], [b]) => a.localeCompare(b));
  const table = (head, entries) => {
    const width = Math.max(head.length, ...entries.map(([name]) => name.length));
    const digits = Math.max(5, ...entries.map(([, count]) => String(count).length));
    const row = (name, count) => `| ${name.padEnd(width)} | ${String(count).padStart(digits)} |`;
    const line = `| ${'-'.repeat(width)} | ${'-'.repeat(digits - 1)}: |`;
    return [row(head, 'count'), line, ...entries.map(([name, count]) => row(name, count))];
  };
  const faults = found.flatMap((report) => report.faults.map((fault) => `seed ${report.seed}: ${fault}`));
  if (found.length < reports.length) faults.push('a lane died');
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const handles = found
    .map(({ handles: { before, most, after } }) => `${before}/${most}/${after}`)
    .join(' and ');
  const block = [
    `${began.toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${machine}: **${done} of ${events} events, ` +
      `${faults.length} faults, ${passed ? 'passed' : 'FAILED'}**, ${seconds} s in ${lanes} lanes with the seeds ${reports
        .map((_, lane) => seed + lane)
        .join(', ')}, deadline ${values.deadline} ms.`,
    '',
    `${total((report) => report.documents)} documents, ${total((report) => report.signed)} signed, each once and each signature valid; ` +
      `${total((report) => report.hostsStarted)} token hosts started, none left. Open handles of each lane before, at most, after: ${handles}.`,
    '',
    ...faults.flatMap((fault) => [`- ${fault}`]),
    ...(faults.length > 0 ? [''] : []),
    ...table(
      'event',
      merged((report) => report.events),
    ),
    '',
    ...table(
      'error met',
      merged((report) => report.errors).map(([code, count]) => [`\`${code}\``, count]),
    ),
  ].join('\n');
  const marked = /(<!-- run -->\n)[\s\S]*?(<!-- end of run -->)/;
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(marked, (_, start, end) => `${start}\n${block}\n\n${end}`),
  );
}
