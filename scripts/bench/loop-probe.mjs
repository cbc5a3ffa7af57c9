// Preloaded into a process under test: on SIGUSR2 it writes its event-loop delay since the last time, in
// milliseconds, to the file that AN_THU_LOOP_FILE names.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const histogram = monitorEventLoopDelay({ resolution: 1 });
histogram.enable();
const ms = (nanoseconds) => Math.round(nanoseconds / 1e4) / 100;
process.on('SIGUSR2', () => {
  const delay = {
    p50: ms(histogram.percentile(50)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max),
    looks: histogram.count,
  };
  writeFileSync(process.env.AN_THU_LOOP_FILE, JSON.stringify(delay));
  histogram.reset();
});
