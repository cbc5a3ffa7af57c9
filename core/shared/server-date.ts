import { httpUrl } from './http-exchange.ts';
import { httpModuleFor } from './http-module.ts';
import { agentFor } from './proxy.ts';

/**
 * What a server's clock says (the Date header of its answer to a HEAD request, whatever its status); undefined when it
 * does not say. Never fails.
 */
export async function serverDate(address: string, deadlineMs: number): Promise<Date | undefined> {
  const url = httpUrl(address);
  if (!url) return undefined;
  const agent = await agentFor(url);
  return new Promise((resolve) => {
    const options = { method: 'HEAD', agent, signal: AbortSignal.timeout(deadlineMs) };
    const request = httpModuleFor(url).request(url, options, (response) => {
      response.destroy();
      const time = Date.parse(response.headers.date ?? '');
      resolve(Number.isNaN(time) ? undefined : new Date(time));
    });
    request.on('error', () => resolve(undefined));
    request.end();
  });
}
