import { close, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { AnThuError } from '../../core/shared/errors.ts';

/** What the first bytes of a file say about the program library in it. */
export interface LibraryHeader {
  readonly format: 'ELF' | 'PE' | 'Mach-O';
  /** Node's names where it has one (`x64`, `arm64`, `ia32`, `arm`), else `machine-0x…`. Several in a fat Mach-O. */
  readonly architectures: readonly string[];
}

const elfMachines: Readonly<Record<number, string>> = {
  0x03: 'ia32',
  0x28: 'arm',
  0x3e: 'x64',
  0xb7: 'arm64',
  0xf3: 'riscv64',
};
const peMachines: Readonly<Record<number, string>> = {
  0x14c: 'ia32',
  0x1c4: 'arm',
  0x8664: 'x64',
  0xaa64: 'arm64',
};
const machOTypes: Readonly<Record<number, string>> = {
  0x7: 'ia32',
  0xc: 'arm',
  0x1000007: 'x64',
  0x100000c: 'arm64',
};

const nameOf = (table: Readonly<Record<number, string>>, machine: number): string =>
  table[machine] ?? `machine-0x${machine.toString(16)}`;

/** Reads the header of an ELF, PE or Mach-O library; null when the bytes are none of these. */
export function parseLibraryHeader(bytes: Uint8Array): LibraryHeader | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return parseElf(head) ?? parsePe(head) ?? parseMachO(head);
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function parseElf(head: Buffer): LibraryHeader | null {
  if (head.readUInt32BE(0) !== 0x7f454c46) return null;
  const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
  const name = nameOf(elfMachines, machine);
  // x32: a 64-bit machine in a 32-bit file class cannot be loaded either.
  return { format: 'ELF', architectures: [name === 'x64' && head[4] === 1 ? 'x32' : name] };
}

function parsePe(head: Buffer): LibraryHeader | null {
  if (head.readUInt16LE(0) !== 0x5a4d) return null;
  const at = head.readUInt32LE(0x3c);
  if (head.readUInt32LE(at) !== 0x4550) return null;
  return { format: 'PE', architectures: [nameOf(peMachines, head.readUInt16LE(at + 4))] };
}

function parseMachO(head: Buffer): LibraryHeader | null {
  const magic = head.readUInt32LE(0);
  if (magic === 0xfeedface || magic === 0xfeedfacf)
    return { format: 'Mach-O', architectures: [nameOf(machOTypes, head.readUInt32LE(4))] };
  const count = head.readUInt32BE(4);
  // A Java class file begins with the same four bytes; it has a version (45 or more) where the count would be.
  if (head.readUInt32BE(0) !== 0xcafebabe || count === 0 || count > 20) return null;
  const architectures = Array.from({ length: count }, (_, i) =>
    nameOf(machOTypes, head.readUInt32BE(8 + i * 20)),
  );
  return { format: 'Mach-O', architectures };
}

const formatOfPlatform: Readonly<Partial<Record<NodeJS.Platform, LibraryHeader['format']>>> = {
  win32: 'PE',
  darwin: 'Mach-O',
};

const peopleNames: Readonly<Record<string, string>> = {
  ia32: '32-bit (x86)',
  x32: '32-bit (x32)',
  x64: '64-bit (x64)',
  arm: '32-bit (ARM)',
  arm64: '64-bit (ARM64)',
};

const describe = (format: string, architectures: readonly string[]): string =>
  `${format} ${architectures.map((name) => peopleNames[name] ?? name).join(' + ')}`;

/** What a header says, for people: `PE 32-bit (x86)`. */
export const describeHeader = ({ format, architectures }: LibraryHeader): string =>
  describe(format, architectures);

/** What a library must be to be loaded by this process, for people. */
export const describeThisProcess = (): string =>
  describe(formatOfPlatform[process.platform] ?? 'ELF', [process.arch]);

/** Whether a library of this format and these architectures can be loaded by this process. */
export const fitsThisProcess = ({ format, architectures }: LibraryHeader): boolean =>
  format === (formatOfPlatform[process.platform] ?? 'ELF') && architectures.includes(process.arch);

/**
 * Checks that a module's file is a library of this process's format and architecture, before it is loaded.
 * Errors: `token.module-missing`, `token.module-not-library`, `token.module-wrong-architecture`.
 */
export async function checkLibraryFile(path: string): Promise<LibraryHeader> {
  const header = await readLibraryHeader(path);
  if (!fitsThisProcess(header))
    throw new AnThuError('token.module-wrong-architecture', {
      path,
      found: describeHeader(header),
      expected: describeThisProcess(),
    });
  return header;
}

/** The header of a library's file. Errors: `token.module-missing`, `token.module-not-library`. */
export async function readLibraryHeader(path: string): Promise<LibraryHeader> {
  const header = parseLibraryHeader(await readHead(path));
  if (!header) throw new AnThuError('token.module-not-library', { path });
  return header;
}

/** Without `node:fs/promises`, which a token host would load for this alone. */
const calls = { open: promisify(open), read: promisify(read), close: promisify(close) };

async function readHead(path: string): Promise<Uint8Array> {
  try {
    const file = await calls.open(path, 'r');
    try {
      const buffer = Buffer.alloc(4096);
      const { bytesRead } = await calls.read(file, buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await calls.close(file);
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'EISDIR') throw new AnThuError('token.module-not-library', { path }, { cause });
    throw new AnThuError('token.module-missing', { path, reason: code }, { cause });
  }
}
