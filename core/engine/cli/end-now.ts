/** Everything is durable and said: Node's own tidying up would take a tenth of a small file's time. */
export function endNow(): void {
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
}
