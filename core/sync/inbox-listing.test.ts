import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProvincialConnector } from './connector.ts';
import { createHttpConnector } from './http-connector.ts';
import { malformedError } from './inbox-listing.ts';

let server: Server;
let province: ProvincialConnector;
/** What the province answers, page by page; `broken` is no answer at all. */
let pages: readonly (object | 'broken' | 503)[];
beforeAll(async () => {
  server = createServer((request, response) => {
    const page = pages[Number(new URL(request.url ?? '', 'http://x').searchParams.get('since'))];
    if (page === 503) return response.writeHead(503, { 'retry-after': '7' }).end();
    response.end(page === 'broken' ? '<html>' : JSON.stringify(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  province = createHttpConnector({ baseUrl: `http://127.0.0.1:${port}`, officeId: 'xa-b', secret: 's' });
});
afterAll(() => server.close());
beforeEach(() => (pages = []));

const row = (id: string, more: object = {}) => ({
  id,
  sequence: Number(id.slice(2)),
  kind: 'package',
  documentId: `H99,2026/03/02,${id}/UBND`,
  sha256: 'a'.repeat(64),
  bytes: 10,
  receivedAt: '2026-03-02T01:00:00Z',
  ...more,
});
const page = (items: unknown[], next = 0, more = false) => ({ items, next, more });
const idsOf = ({ items }: Awaited<ReturnType<ProvincialConnector['listInbox']>>) => items.map(({ id }) => id);

describe('the list of what waits at the province', () => {
  it.each([
    ['a size below zero', { bytes: -1 }, 'p-2', 'bytes'],
    ['a kind of tomorrow', { kind: 'notice' }, 'p-2', 'kind'],
    ['a path for an id', { id: '../../p-2' }, '../../p-2', 'id'],
    ['no id at all', { id: null }, '', 'id'],
  ])('gives the other rows although one has %s', async (_, wrong, id, part) => {
    pages = [page([row('p-1'), row('p-2', wrong), row('p-3')])];
    const listing = await province.listInbox();
    expect(idsOf(listing)).toEqual(['p-1', 'p-3']);
    expect(listing.malformed).toMatchObject([{ id, reason: expect.stringContaining(part) as string }]);
  });

  it('sets a row aside that is no row', async () => {
    pages = [page([null, 'p-1', row('p-2')])];
    const listing = await province.listInbox();
    expect(idsOf(listing)).toEqual(['p-2']);
    expect(malformedError(listing.malformed)).toMatchObject({
      code: 'sync.inbox-item-malformed',
      detail: { count: 2, id: '?' },
    });
  });

  it('believes neither of two contents under one id', async () => {
    pages = [page([row('p-1'), row('p-2'), row('p-1', { sha256: 'b'.repeat(64) }), row('p-1')])];
    const listing = await province.listInbox();
    expect(idsOf(listing)).toEqual(['p-2']);
    expect(listing.malformed).toMatchObject([{ id: 'p-1' }]);
  });

  it('shows nothing of a row that would deceive', async () => {
    pages = [page([row('p-1', { id: `\u202e${'x'.repeat(5000)}` })])];
    const [malformed] = (await province.listInbox()).malformed;
    expect(malformed?.id).toHaveLength(80);
    expect(malformed?.id).not.toContain('\u202e');
  });

  it.each([
    ['makes no sense', 'broken'],
    ['does not advance', page([], 1, true)],
  ] as const)('counts as far as it was read when its second page %s', async (_, second) => {
    pages = [page([row('p-1')], 1, true), second];
    const listing = await province.listInbox();
    expect(idsOf(listing)).toEqual(['p-1']);
    expect(listing.cutOff).toMatchObject({ code: 'sync.server-nonsense' });
  });

  it('is left where it is by a province that is overloaded', async () => {
    pages = [page([row('p-1')], 1, true), 503];
    await expect(province.listInbox()).rejects.toMatchObject({ detail: { retryAfterSeconds: 7 } });
  });
});
