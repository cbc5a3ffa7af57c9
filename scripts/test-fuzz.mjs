// npm run test:fuzz [-- --minutes N] [--seed S] [--write]: mutants of signed files and of everything verification reads
// (tests/fuzz), each kind in a process of its own that is killed when it hangs. Prints counts and
// `N passed, N failed`; `--write` publishes the counts in docs/fuzzing.md.
import { fork } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, write: { type: 'boolean' } },
});
const minutes = Number(values.minutes ?? 10);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const deadline = performance.now() + minutes * 60_000;
const say = (line) => void process.stdout.write(`${line}\n`);

const batchSize = 200;
const batchTimeoutMs = 180_000;
/** Caps of the program that verifies in earnest (core/engine/programs). */
const heapMiB = 512;

const totals = { signed: emptyTotal(), structure: emptyTotal() };
function emptyTotal() {
  return { tried: {}, count: 0, findings: [], peakMiB: 0, died: 0 };
}

await Promise.all([runKind('signed'), runKind('structure')]);
const all = [totals.signed, totals.structure];
const count = all.reduce((sum, total) => sum + total.count, 0);
const findings = all.flatMap((total) => total.findings);
for (const [kind, total] of Object.entries(totals)) {
  say(
    `${kind}: ${total.count} mutants, ${total.findings.length} findings, peak ${Math.round(total.peakMiB)} MiB`,
  );
  for (const [name, tried] of Object.entries(total.tried).toSorted()) say(`  ${name}: ${tried}`);
}
for (const finding of findings) say(`FOUND ${finding}`);
say(`seed ${seed}, ${minutes} minutes`);
say(`${count - findings.length} passed, ${findings.length} failed`);
if (values.write) publish();
process.exit(findings.length === 0 && count > 0 ? 0 : 1);

/** Sends batches to one process until the time is over; a process that hangs or dies is a finding and is replaced. */
async function runKind(kind) {
  const total = totals[kind];
  let next = 0;
  while (performance.now() < deadline) {
    const child = fork(new URL('../tests/fuzz/worker.ts', import.meta.url), {
      execArgv: [`--max-old-space-size=${heapMiB}`, '--disable-warning=ExperimentalWarning'],
    });
    if ((await answerOf(child)) !== 'ready') throw new Error('the fuzzing process does not start');
    while (performance.now() < deadline) {
      const batch = { kind, seed, from: next, to: next + batchSize };
      next = batch.to;
      child.send(batch);
      const result = await answerOf(child);
      if (typeof result === 'string') {
        total.findings.push(`${kind} seed ${seed} mutants ${batch.from} to ${batch.to}: process ${result}`);
        break;
      }
      for (const [name, tried] of Object.entries(result.tried)) {
        total.tried[name] = (total.tried[name] ?? 0) + tried;
        total.count += tried;
      }
      total.findings.push(
        ...result.findings.map(({ mutant, what }) => `${kind} seed ${seed} mutant ${mutant}: ${what}`),
      );
      total.peakMiB = Math.max(total.peakMiB, result.peakMiB);
    }
    if (child.connected) child.send('end');
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => clearTimeout(giveUp));
  }
}

/** The next message of a process, or how it ended. */
function answerOf(child) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end('hung');
    }, batchTimeoutMs);
    const onExit = (code, signal) => end(`died (${code ?? signal})`);
    const end = (value) => {
      clearTimeout(timer);
      child.off('message', end);
      child.off('exit', onExit);
      resolve(value);
    };
    child.once('message', end);
    child.once('exit', onExit);
  });
}

/** Writes the counts of this run between the marks of docs/fuzzing.md. */
function publish() {
  const path = new URL('../docs/fuzzing.md', import.meta.url);
  const text = readFileSync(path, 'utf8');
  const [{ model }] = cpus();
  const machine = `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const rows = Object.entries(totals).flatMap(([kind, total]) =>
    Object.entries(total.tried)
      .toSorted()
      .map(([name, tried]) => `| ${kind} | ${name} | ${tried} |`),
  );
  const block = [
    `${new Date().toISOString().slice(0, 10)}, ${machine}, ${minutes} minutes, seed ${seed}: **${totals.signed.count} mutants of signed files, ` +
      `${totals.structure.count} mutants for the readers, ${findings.length} findings.** Peak memory ${Math.round(totals.signed.peakMiB)} and ` +
      `${Math.round(totals.structure.peakMiB)} MiB.`,
    '',
    '| run | kind of mutant | count |',
    '| --- | --- | ---: |',
    ...rows,
  ].join('\n');
  const marked = /(<!-- counts -->\n)[\s\S]*?(<!-- end of counts -->)/;
  writeFileSync(
    path,
    text.replace(marked, (_, start, end) => `${start}\n${block}\n\n${end}`),
  );
}
