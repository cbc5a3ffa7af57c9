import { randomBytes } from 'node:crypto';

/** A new UUID version 7: ordered by time of making, so that rows and operations sort as they came. */
export function newId(now: Date = new Date()): string {
  const bytes = randomBytes(16);
  // A computer whose battery is empty may begin its day before 1970 began in Greenwich.
  bytes.writeUIntBE(Math.max(0, now.getTime()), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
