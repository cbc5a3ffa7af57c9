/** A command to a card (ISO 7816-4, short and extended lengths). */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Buffer;
}

export function parseCommand(bytes: Buffer): Command {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0] = bytes;
  return { cla, ins, p1, p2, data: dataOf(bytes) };
}

function dataOf(bytes: Buffer): Buffer {
  if (bytes.length <= 5) return Buffer.alloc(0);
  const short = bytes.readUInt8(4);
  if (short > 0) return bytes.subarray(5, 5 + short);
  if (bytes.length <= 7) return Buffer.alloc(0);
  return bytes.subarray(7, 7 + bytes.readUInt16BE(5));
}

/** Status words. */
export const status = {
  ok: 0x9000,
  wrongLength: 0x6700,
  securityNotSatisfied: 0x6982,
  pinBlocked: 0x6983,
  wrongData: 0x6a80,
  notFound: 0x6a82,
  unknownReference: 0x6a88,
  unknownInstruction: 0x6d00,
} as const;

export function answer(statusWord: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([data, Buffer.of(statusWord >> 8, statusWord & 0xff)]);
}
