import { createServer, request as requestHttp, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exchangeHttp } from './http-exchange.ts';
import { agentFor, firstProxy, useProxyResolver } from './proxy.ts';
import { askMainForProxies } from './proxy-question.ts';

const servers: Server[] = [];
afterEach(() => {
  useProxyResolver(undefined);
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A TSA that this machine cannot reach by name, and a proxy that can. */
async function officeNetwork() {
  const asked: string[] = [];
  const target = await listen(createServer((_request, response) => response.end('answer')));
  const proxy = await listen(
    createServer((request, response) => {
      asked.push(request.url ?? '');
      requestHttp(`http://${target}/`, (answer) => answer.pipe(response)).end();
    }),
  );
  return { asked, proxy };
}

const question = {
  url: 'http://tsa.example.invalid/tsr',
  method: 'GET',
  deadlineMs: 5_000,
  maximumBytes: 100,
} as const;

describe('a proxy script’s answer', () => {
  it.each([
    ['DIRECT', undefined],
    ['PROXY 10.0.0.1:3128; DIRECT', 'http://10.0.0.1:3128'],
    ['SOCKS 10.0.0.1:1080; PROXY proxy.tinh.example:8080', 'http://proxy.tinh.example:8080'],
    ['HTTPS proxy.tinh.example:443', 'https://proxy.tinh.example'],
    ['SOCKS5 10.0.0.1:1080', undefined],
    ['PROXY', undefined],
    ['', undefined],
    ['DIRECT; PROXY 10.0.0.1:3128', undefined],
  ])('%j leads to %j', (words, address) => {
    expect(firstProxy(words)).toBe(address);
  });
});

describe('a request', () => {
  it('goes through the proxy that the system names for its address', async () => {
    const { asked, proxy } = await officeNetwork();
    const seen: string[] = [];
    useProxyResolver(async (url) => {
      seen.push(url);
      return `PROXY ${proxy}`;
    });
    expect(Buffer.from(await exchangeHttp(question)).toString()).toBe('answer');
    expect(seen).toEqual([question.url]);
    expect(asked).toEqual([question.url]);
  });

  it('goes through the proxy of the environment where there is no window', async () => {
    const { asked, proxy } = await officeNetwork();
    vi.stubEnv('HTTP_PROXY', `http://${proxy}`);
    vi.stubEnv('NO_PROXY', '');
    await exchangeHttp(question);
    expect(asked).toEqual([question.url]);
  });

  it('to this machine is direct whatever the system says', async () => {
    const { proxy } = await officeNetwork();
    useProxyResolver(async () => `PROXY ${proxy}`);
    for (const host of ['localhost', '127.0.0.1', '127.8.9.10', '[::1]']) {
      expect(await agentFor(new URL(`http://${host}:1/`))).toBe(false);
    }
    expect(await agentFor(new URL('http://127.example/'))).not.toBe(false);
  });

  it('is direct when the main process does not answer in time, and follows it when it does', async () => {
    let answer: ((event: { readonly data: unknown }) => void) | undefined;
    const sent: unknown[] = [];
    askMainForProxies(
      { postMessage: (message) => sent.push(message), on: (_name, listener) => (answer = listener) },
      50,
    );
    expect(await agentFor(new URL('https://tsa.example/'))).toBe(false);
    expect(sent).toEqual([{ kind: 'proxy-question', id: 1, url: 'https://tsa.example/' }]);

    const agent = agentFor(new URL('https://tsa.example/'));
    answer?.({ data: { kind: 'proxy-answer', id: 99, words: 'DIRECT' } });
    answer?.({ data: { kind: 'proxy-answer', id: 2, words: 'PROXY 10.0.0.1:3128' } });
    expect(await agent).not.toBe(false);
  });
});
