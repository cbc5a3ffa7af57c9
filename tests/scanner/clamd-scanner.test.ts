import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClamdScanner } from '../../native/clamd/clamd-scanner.ts';
import { type DemoClamd, eicarBytes, startDemoClamd } from '../../scripts/lib/clamd.ts';

let folder: string;
let clamd: DemoClamd;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'an-thu-clamd-'));
  clamd = await startDemoClamd(join(folder, 'main'), { signatures: 'eicar-only', maxMb: 4 });
});

afterAll(async () => {
  await clamd.stop();
  await rm(folder, { recursive: true });
});

async function fileOf(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

function pdfWithEmbedded(payload: Buffer): Buffer {
  const packed = deflateSync(payload);
  return Buffer.concat([
    Buffer.from(
      '%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>>> endobj\n' +
        '2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> endobj\n' +
        '4 0 obj <</Type/Filespec/F(a)/EF<</F 5 0 R>>>> endobj\n' +
        `5 0 obj <</Type/EmbeddedFile/Filter/FlateDecode/Length ${packed.length}>> stream\n`,
    ),
    packed,
    Buffer.from('\nendstream endobj\ntrailer <</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n'),
  ]);
}

const limits = { deadlineMs: 5000, maxBytes: 100 * 1024 * 1024 };

describe('the virus check with a real clamd', () => {
  it('calls a clean file clean with the reply and the engine', async () => {
    const verdict = await createClamdScanner({ ...clamd, ...limits }).scan(
      await fileOf('công văn.pdf', Buffer.from('%PDF-1.7 sạch')),
    );
    expect(verdict).toMatchObject({ kind: 'clean', reply: 'stream: OK' });
    expect(verdict.kind === 'clean' && verdict.version.engine).toMatch(/^ClamAV \d/);
  });

  it('tells its version', async () => {
    const version = await createClamdScanner({ ...clamd, ...limits }).version();
    expect(version).toMatchObject({ engine: expect.stringMatching(/^ClamAV \d/) });
  });

  it('finds EICAR by name', async () => {
    const verdict = await createClamdScanner({ ...clamd, ...limits }).scan(
      await fileOf('x.pdf', eicarBytes()),
    );
    expect(verdict).toMatchObject({ kind: 'infected', name: expect.stringContaining('Eicar') });
  });

  it('finds EICAR in a Flate stream inside a PDF', async () => {
    const bytes = pdfWithEmbedded(eicarBytes());
    expect(bytes.includes(eicarBytes())).toBe(false);
    const verdict = await createClamdScanner({ ...clamd, ...limits }).scan(await fileOf('nested.pdf', bytes));
    expect(verdict).toMatchObject({ kind: 'infected', name: expect.stringContaining('Eicar') });
  });

  it('does not send a file over our own limit', async () => {
    const path = await fileOf('big.pdf', Buffer.from('%PDF'));
    await truncate(path, 3_000_000);
    const verdict = await createClamdScanner({ ...clamd, deadlineMs: 5000, maxBytes: 2_000_000 }).scan(path);
    expect(verdict).toMatchObject({ kind: 'too-large', limitBytes: 2_000_000 });
  });

  it.each(['socket', 'tcp'] as const)(
    'calls a file over clamd’s own limit too large, never clean (%s)',
    async (listen) => {
      const small = await startDemoClamd(join(folder, `small-${listen}`), {
        signatures: 'eicar-only',
        maxMb: 1,
        listen,
      });
      try {
        const path = await fileOf(
          `over-${listen}.bin`,
          Buffer.concat([Buffer.alloc(3_000_000, 1), eicarBytes()]),
        );
        const verdict = await createClamdScanner({ ...small, ...limits }).scan(path);
        expect(verdict.kind).toBe('too-large');
      } finally {
        await small.stop();
      }
    },
  );

  it('gives an error for an empty file and for one that is not there', async () => {
    const scanner = createClamdScanner({ ...clamd, ...limits });
    expect((await scanner.scan(await fileOf('empty.pdf', Buffer.alloc(0)))).kind).toBe('error');
    expect((await scanner.scan(join(folder, 'nowhere.pdf'))).kind).toBe('error');
  });

  it('is unavailable when the daemon is killed in mid-scan', async () => {
    const doomed = await startDemoClamd(join(folder, 'doomed'), { signatures: 'eicar-only' });
    const path = await fileOf('long.bin', Buffer.alloc(1));
    await truncate(path, 190 * 1024 * 1024);
    const scanner = createClamdScanner({ ...doomed, deadlineMs: 20_000, maxBytes: 300 * 1024 * 1024 });
    const started = performance.now();
    const scanning = scanner.scan(path);
    await sleep(60);
    await doomed.stop('kill');
    expect((await scanning).kind).toBe('unavailable');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is unavailable when no daemon is there', async () => {
    const scanner = createClamdScanner({ socketPath: join(folder, 'no.sock'), ...limits });
    const path = await fileOf('held.pdf', Buffer.from('%PDF'));
    expect(await scanner.scan(path)).toEqual({ kind: 'unavailable', reason: 'ENOENT' });
    expect(await scanner.version()).toEqual({ unavailable: 'ENOENT' });
  });

  it('cannot start on an empty signature folder, so nothing is ever called clean by it', async () => {
    const { spawn } = await import('node:child_process');
    const { mkdir } = await import('node:fs/promises');
    const { findClamd } = await import('../../scripts/lib/clamd.ts');
    const dir = join(folder, 'bare');
    await mkdir(join(dir, 'db'), { recursive: true });
    const socketPath = join(dir, 's');
    await writeFile(
      join(dir, 'c.conf'),
      `Foreground yes\nLocalSocket ${socketPath}\nDatabaseDirectory ${dir}/db\n`,
    );
    const child = spawn(findClamd() ?? 'clamd', ['-c', join(dir, 'c.conf')], { stdio: 'ignore' });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).not.toBe(0);
    const path = await fileOf('held2.pdf', Buffer.from('%PDF'));
    expect((await createClamdScanner({ socketPath, ...limits }).scan(path)).kind).toBe('unavailable');
  });
});

describe('the virus check with a daemon that misbehaves', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];

  async function fakeClamd(
    answer: (command: string, socket: Socket) => void,
  ): Promise<{ host: string; port: number }> {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      let seen = '';
      let answered = false;
      socket.on('data', (chunk: Buffer) => {
        seen += chunk.toString('latin1');
        if (answered) return;
        if (seen.includes('VERSION')) socket.end('ClamAV 1.4.6/27800/Fri Nov 20 08:00:00 2026\n');
        else if (seen.endsWith('\0\0\0\0')) answer(seen, socket);
        else return;
        answered = true;
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 };
  }

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  it('reads engine, database number and date', async () => {
    const address = await fakeClamd((_, socket) => socket.end('stream: OK\0'));
    const scanner = createClamdScanner({ ...address, ...limits });
    expect(await scanner.version()).toEqual({
      engine: 'ClamAV 1.4.6',
      database: '27800',
      databaseDate: '2026-11-20T08:00:00.000Z',
    });
    expect((await scanner.scan(await fileOf('f0.pdf', Buffer.from('%PDF')))).kind).toBe('clean');
  });

  it('is unavailable when it accepts and never answers', async () => {
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {})));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const scanner = createClamdScanner({ host: '127.0.0.1', port, deadlineMs: 300, maxBytes: 1000 });
    const path = await fileOf('f1.pdf', Buffer.from('%PDF'));
    expect(await scanner.scan(path)).toEqual({ kind: 'unavailable', reason: 'no answer within 300 ms' });
  });

  it('is unavailable when the scan itself gets no answer within the deadline', async () => {
    const address = await fakeClamd(() => {});
    const scanner = createClamdScanner({ ...address, deadlineMs: 300, maxBytes: 1000 });
    expect((await scanner.scan(await fileOf('f2.pdf', Buffer.from('%PDF')))).kind).toBe('unavailable');
  });

  it.each([
    ['COMMAND READ TIMED OUT\0', 'unavailable'],
    ['', 'unavailable'],
    ['UNKNOWN COMMAND\0', 'error'],
    ['stream: Can’t open file or directory ERROR\0', 'error'],
    ['INSTREAM size limit exceeded. ERROR\0', 'too-large'],
    ['stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0', 'too-large'],
    ['other: OK\0', 'error'],
    ['stream: OK\0stream: Virus FOUND\0', 'error'],
    ['<html>stream: OK</html>', 'error'],
  ])('takes the reply %j as %s', async (reply, kind) => {
    const address = await fakeClamd((_, socket) => socket.end(reply));
    const scanner = createClamdScanner({ ...address, ...limits });
    expect((await scanner.scan(await fileOf('f3.pdf', Buffer.from('%PDF')))).kind).toBe(kind);
  });

  it('is not content with something that is not ClamAV', async () => {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const scanner = createClamdScanner({ host: '127.0.0.1', port, ...limits });
    expect((await scanner.scan(await fileOf('f4.pdf', Buffer.from('%PDF')))).kind).toBe('error');
  });
});
