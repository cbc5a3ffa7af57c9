import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestPki } from './test-keys.ts';

/** A timestamp server on loopback, whose answers the openssl program makes. */
export interface TestTsa {
  readonly url: string;
  /** Queries answered so far. */
  readonly queries: readonly Buffer[];
  /** When it settles, nothing of an answer under way is left: the PKI's folder may go. */
  close(): Promise<void>;
}

export interface TestTsaOptions {
  /** Changes the reply before it is sent: a TSA that misbehaves. */
  readonly reply?: (reply: Buffer) => Buffer;
  /** Answers another query than the one that came. */
  readonly query?: (query: Buffer) => Buffer;
  readonly status?: number;
  /** Milliseconds before the answer. */
  readonly delayMs?: number;
}

/** Starts the server on a free port. */
export async function startTestTsa(pki: TestPki, options: TestTsaOptions = {}): Promise<TestTsa> {
  const authority = pki.timestampAuthority();
  const config = join(pki.dir, 'tsa.cnf');
  writeFileSync(join(pki.dir, 'tsa-serial'), '01\n');
  writeFileSync(
    config,
    [
      '[tsa]',
      'default_tsa = t',
      '[t]',
      // Names in the folder where openssl runs: a Windows path would lose its backslashes in here.
      'serial = tsa-serial',
      `signer_cert = ${basename(authority.certificate)}`,
      `signer_key = ${basename(authority.key)}`,
      `certs = ${basename(pki.issuingPem)}`,
      'signer_digest = sha256',
      'default_policy = 1.2.3.4.1',
      'digests = sha256',
      'ess_cert_id_alg = sha256',
    ].join('\n'),
  );
  const queries: Buffer[] = [];
  const closing = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const query = Buffer.concat(parts);
      queries.push(query);
      // The serial file is not locked: one answer at a time. One that cannot be made must not stop those after it.
      last = last.then(() => respond(query, response)).catch(() => response.destroy());
    });
  });
  const respond = async (query: Buffer, response: ServerResponse): Promise<void> => {
    // A client that gave up leaves its answer behind, also while this server ends.
    if (options.delayMs) await pause(options.delayMs, undefined, { signal: closing.signal });
    closing.signal.throwIfAborted();
    const reply = await answer(pki.dir, config, options.query?.(query) ?? query);
    response.writeHead(options.status ?? 200, { 'Content-Type': 'application/timestamp-reply' });
    response.end(options.reply?.(reply) ?? reply);
  };
  await listen(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    queries,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, last]);
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function answer(dir: string, config: string, query: Buffer): Promise<Buffer> {
  const queryFile = join(dir, 'query.tsq');
  writeFileSync(queryFile, query);
  return new Promise((resolve, reject) => {
    execFile(
      'openssl',
      ['ts', '-reply', '-config', config, '-queryfile', queryFile],
      { encoding: 'buffer', cwd: dir },
      (error, stdout) => (error && stdout.length === 0 ? reject(error) : resolve(stdout)),
    );
  });
}
