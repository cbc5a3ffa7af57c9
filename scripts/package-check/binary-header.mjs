const elfMachines = { 0x3e: 'x64', 0xb7: 'arm64', 0x03: 'ia32' };
const peMachines = { 0x8664: 'x64', 0xaa64: 'arm64', 0x014c: 'ia32' };
const machMachines = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

/**
 * What kind of machine code a file holds, from its header: `linux-x64`, `win32-arm64`, `darwin-x64` …, or undefined when
 * it is none of ELF, PE and Mach-O.
 *
 * @param {Buffer} bytes the file's first kilobytes
 */
export function binaryTarget(bytes) {
  if (bytes.length >= 20 && bytes.readUInt32BE(0) === 0x7f454c46) {
    const littleEndian = bytes[5] === 1;
    return `linux-${elfMachines[littleEndian ? bytes.readUInt16LE(18) : bytes.readUInt16BE(18)] ?? 'unknown'}`;
  }
  if (bytes.length >= 64 && bytes.toString('latin1', 0, 2) === 'MZ') {
    const header = bytes.readUInt32LE(0x3c);
    if (header + 6 > bytes.length || bytes.toString('latin1', header, header + 4) !== 'PE\0\0')
      return undefined;
    return `win32-${peMachines[bytes.readUInt16LE(header + 4)] ?? 'unknown'}`;
  }
  if (bytes.length >= 8 && bytes.readUInt32LE(0) === 0xfeedfacf) {
    return `darwin-${machMachines[bytes.readUInt32LE(4)] ?? 'unknown'}`;
  }
  return undefined;
}
