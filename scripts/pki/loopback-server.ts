import { createServer, type IncomingMessage } from 'node:http';

/** One answer of a demo service. */
interface ServiceReply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
}

/** A running demo service on 127.0.0.1. */
export interface DemoService {
  readonly port: number;
  /** Base address without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** No request to a TSA or OCSP responder is larger. */
const maximumRequestBytes = 64 * 1024;

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > maximumRequestBytes) return undefined;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** Serves `answer` on loopback; port 0 takes any free one. */
export async function startLoopbackServer(
  port: number,
  answer: (method: string, path: string, body: Uint8Array) => ServiceReply,
): Promise<DemoService> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readBody(request);
      const reply = body
        ? answer(request.method ?? 'GET', request.url ?? '/', body)
        : { status: 413, type: 'text/plain', body: Buffer.from('too large') };
      response.writeHead(reply.status, {
        'content-type': reply.type,
        'content-length': reply.body.length,
      });
      response.end(reply.body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
