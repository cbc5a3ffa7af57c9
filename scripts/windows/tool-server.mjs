// Runs programs of this machine for the tests under Wine: native/linux-tool.c tells which one with which arguments.
// The product asks for none of them; they make keys and judge files for the tests.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { places } from './places.mjs';

/** Programs that tests may ask for. */
export const linuxTools =
  'openssl qpdf xmllint xmlsec1 certutil pk12util pdfsig pdftotext pdftoppm pdffonts pdfinfo pdfimages'.split(
    ' ',
  );

/** Windows paths below Z: (this machine) and C: (the prefix) as this machine names them; anything else as it is. */
export function linuxPath(text) {
  return text.replaceAll(/(?<![A-Za-z])(?:\\\\\?\\)?([CZ]):[\\/]([^:,"*?<>|]*)/gi, (_, drive, rest) => {
    const path = `/${rest.replaceAll('\\', '/')}`;
    return drive.toUpperCase() === 'Z' ? path : join(places.prefix, 'drive_c', path);
  });
}

/** Reads blocks (length, bytes) of a stream one after the other. */
async function* byteReader(socket) {
  let held = Buffer.alloc(0);
  let wanted = yield;
  for await (const chunk of socket) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= wanted) {
      const bytes = held.subarray(0, wanted);
      held = held.subarray(wanted);
      wanted = yield bytes;
    }
  }
}

async function serve(socket) {
  const reader = byteReader(socket);
  await reader.next();
  const take = async (length) => {
    const { value, done } = await reader.next(length);
    if (done) throw new Error('hung up');
    return value;
  };
  const number = async () => (await take(4)).readUInt32LE(0);
  const block = async () => take(await number());
  const name = basename(linuxPath((await block()).toString('utf8'))).replace(/\.exe$/i, '');
  const cwd = linuxPath((await block()).toString('utf8'));
  const args = [];
  for (let left = await number(); left > 0; left--) args.push(linuxPath((await block()).toString('utf8')));
  const answer = (kind, bytes) => {
    const head = Buffer.alloc(8);
    head.writeInt32LE(kind, 0);
    head.writeUInt32LE(kind === 0 ? bytes : bytes.length, 4);
    socket.write(kind === 0 ? head : Buffer.concat([head, bytes]));
  };
  if (!linuxTools.includes(name)) return answer(0, 126);
  const child = spawn(name, args, { cwd: existsSync(cwd) ? cwd : undefined, stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (bytes) => answer(1, bytes));
  child.stderr.on('data', (bytes) => answer(2, bytes));
  child.once('error', () => answer(0, 127));
  child.once('close', (code) => {
    answer(0, code ?? 128);
    socket.end();
  });
  for (let bytes = await block(); bytes.length > 0; bytes = await block())
    child.stdin.write(Buffer.from(bytes));
  child.stdin.end();
}

/** Starts the server on loopback. */
export async function startToolServer() {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket).catch(() => socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return { port: server.address().port, close: () => server.close() };
}
