/**
 * A named place where the process can be killed on purpose (tests/kill): the environment variable
 * AN_THU_FAILPOINT names it, AN_THU_FAILPOINT_SKIP says how many passes to let through first.
 * Listed in docs/failpoints.md. Release bundles replace this file by one that does nothing
 * (scripts/build.mjs), and package:check looks that no name is left.
 */
let passes = 0;

export function failpoint(name: string): void {
  if (process.env['AN_THU_FAILPOINT'] !== name) return;
  if (passes++ < Number(process.env['AN_THU_FAILPOINT_SKIP'] ?? 0)) return;
  process.kill(process.pid, 'SIGKILL');
}
