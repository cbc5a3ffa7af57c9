import type { Agent } from 'node:http';
import { httpModuleFor } from './http-module.ts';

/**
 * Says how the system would reach an address, in the words of a proxy script: `DIRECT`, or
 * `PROXY host:port; PROXY other:port; DIRECT`.
 */
export type ProxyResolver = (url: string) => Promise<string>;

let systemResolver: ProxyResolver | undefined;

/**
 * Makes every later request of this process follow the system's proxy settings. Only Electron's main process knows them;
 * without a resolver the environment decides (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), as for any command line.
 */
export function useProxyResolver(resolver: ProxyResolver | undefined): void {
  systemResolver = resolver;
}

/**
 * The connection for one request: `false` is a direct one of its own, else an agent that goes through the proxy (a tunnel for
 * https). This machine itself is always reached directly.
 */
export async function agentFor(url: URL): Promise<Agent | false> {
  if (isThisMachine(url.hostname)) return false;
  const proxyEnv = systemResolver ? await fromSystem(systemResolver, url) : fromEnvironment(process.env);
  if (proxyEnv === undefined) return false;
  return new (httpModuleFor(url).Agent)({ proxyEnv });
}

/** Names and values as in a process's environment. */
type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/u.test(hostname);
}

async function fromSystem(resolver: ProxyResolver, url: URL): Promise<ProxyEnvironment | undefined> {
  // An answer that does not come is no reason to stay offline.
  const words = await resolver(url.href).catch(() => 'DIRECT');
  const address = firstProxy(words);
  return address === undefined ? undefined : { HTTP_PROXY: address, HTTPS_PROXY: address };
}

/**
 * The first way out of a proxy script's answer that we can take; undefined is the direct one. SOCKS is passed over: agencies
 * do not run it, and Node's agent cannot speak it.
 */
export function firstProxy(words: string): string | undefined {
  for (const entry of words.split(';')) {
    const [kind = '', address = ''] = entry.trim().split(/\s+/u);
    if (/^direct$/iu.test(kind)) return undefined;
    const scheme = /^https$/iu.test(kind) ? 'https' : /^(proxy|http)$/iu.test(kind) ? 'http' : undefined;
    const proxy = scheme === undefined ? null : URL.parse(`${scheme}://${address}`);
    if (proxy && proxy.hostname !== '') return proxy.origin;
  }
  return undefined;
}

function fromEnvironment(env: ProxyEnvironment): ProxyEnvironment | undefined {
  const http = env['HTTP_PROXY'] ?? env['http_proxy'];
  const https = env['HTTPS_PROXY'] ?? env['https_proxy'];
  if (!http && !https) return undefined;
  return { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: env['NO_PROXY'] ?? env['no_proxy'] };
}
