// npm run test:soak [-- --events N] [--seed N] [--lanes N] [--minutes N] [--deadline MS]: the long soak of the token hosts (10,000 events by default, shared
// by lanes with seeds of their own; the short one is part of npm test). Prints what was met; fails when anything was lost,
// counted wrongly or left over.
import { spawn } from 'node:child_process';
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
  },
});
const [events, seed, lanes] = [values.events, values.seed, values.lanes].map(Number);
const started = performance.now();

/** One lane in this process. */
async function runHere() {
  const report = await soakTokens({
    seed,
    events,
    deadlineMs: Number(values.deadline),
    atMostMs: Number(values.minutes) * 60_000,
    progress: (line) =>
      process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s, seed ${seed}: ${line}\n`),
  });
  process.stdout.write(`${JSON.stringify({ seed, ...report }, null, 2)}\n`);
  return report.faults.length === 0 && report.signed === report.documents;
}

/** One lane in a process of its own. */
function runLane(lane) {
  const share = Math.floor(events / lanes) + (lane < events % lanes ? 1 : 0);
  const args = ['--events', String(share), '--seed', String(seed + lane), '--lanes', '1'];
  args.push('--minutes', values.minutes, '--deadline', values.deadline);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code === 0));
  });
}

const results =
  lanes > 1 ? await Promise.all(Array.from({ length: lanes }, (_, i) => runLane(i))) : [await runHere()];
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
process.stderr.write(
  `up to ${events} events, ${minutes} min: ${results.every(Boolean) ? 'passed' : 'FAILED'}\n`,
);
process.exitCode = results.every(Boolean) ? 0 : 1;
