import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { httpUrl } from './http-exchange.ts';
import { agentFor } from './proxy.ts';

/**
 * What a server's clock says (the Date header of its answer to a HEAD request, whatever its status); undefined when it
 * does not say. Never fails.
 */
export async function serverDate(address: string, deadlineMs: number): Promise<Date | undefined> {
  const url = httpUrl(address);
  if (!url) return undefined;
  const agent = await agentFor(url);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const options = { method: 'HEAD', agent, signal: AbortSignal.timeout(deadlineMs) };
    const request = send(url, options, (response) => {
      response.destroy();
      const time = Date.parse(response.headers.date ?? '');
      resolve(Number.isNaN(time) ? undefined : new Date(time));
    });
    request.on('error', () => resolve(undefined));
    request.end();
  });
}
