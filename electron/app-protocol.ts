import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { bundlePath } from './bundle-path.ts';
import { byteRange } from './byte-range.ts';
import { isOurUrl } from './origin.ts';

/** Where a stored object lies, as the engine says. */
export interface ObjectFile {
  readonly path: string;
  readonly mediaType: string;
}

interface AppProtocolOptions {
  /** Absolute path of the built page. */
  readonly root: string;
  /** Asks the engine for a stored object; rejects when there is none. */
  readonly objectFile: (sha256: string) => Promise<ObjectFile>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/**
 * What the page may do. Styles may be inline because Mantine and its scroll lock write style elements at run time; with
 * no address outside to load from or send to, a style cannot carry anything away.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** pdf.js's worker may also compile the WebAssembly of its image decoders; a worker's policy is that of its own script. */
const workerPolicy = pagePolicy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
const objectPolicy = "default-src 'none'; sandbox";

/** Answers every request of the window: the built page, and stored objects under `/object/<sha256>`. */
export function createAppProtocol(options: AppProtocolOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
    if (!isOurUrl(request.url)) return refusal(404);
    const { pathname } = new URL(request.url);
    try {
      const sha256 = /^\/object\/([0-9a-f]{64})$/.exec(pathname)?.[1];
      if (sha256 !== undefined) return await sendObject(request, await options.objectFile(sha256));
      const path = bundlePath(options.root, pathname);
      return path === undefined ? refusal(404) : await sendPageFile(request, path);
    } catch {
      return refusal(404);
    }
  };
}

function refusal(status: number): Response {
  return new Response('', { status, headers: { 'content-security-policy': objectPolicy } });
}

async function sendPageFile(request: Request, path: string): Promise<Response> {
  const mediaType = mediaTypes[extname(path)];
  if (mediaType === undefined) return sendFile(request, path, 'application/octet-stream', pagePolicy);
  const worker = /worker[^/\\]*\.m?js$/.test(path);
  return sendFile(request, path, mediaType, worker ? workerPolicy : pagePolicy);
}

async function sendObject(request: Request, object: ObjectFile): Promise<Response> {
  const shown = /^(application\/pdf|image\/(png|jpeg|tiff))$/.test(object.mediaType);
  return sendFile(request, object.path, shown ? object.mediaType : 'application/octet-stream', objectPolicy);
}

async function sendFile(
  request: Request,
  path: string,
  mediaType: string,
  policy: string,
): Promise<Response> {
  const { size } = await stat(path);
  const headers = new Headers({
    'content-type': mediaType,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // Documents must not linger in the browser's cache on disk.
    'cache-control': 'no-store',
    'accept-ranges': 'bytes',
  });
  const range = byteRange(request.headers.get('range'), size);
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`);
    return new Response('', { status: 416, headers });
  }
  const { first, last } = range === 'whole' ? { first: 0, last: size - 1 } : range;
  headers.set('content-length', String(last - first + 1));
  if (range !== 'whole') headers.set('content-range', `bytes ${first}-${last}/${size}`);
  const empty = request.method === 'HEAD' || size === 0;
  const body = empty
    ? null
    : (Readable.toWeb(createReadStream(path, { start: first, end: last })) as BodyInit);
  return new Response(body, { status: range === 'whole' ? 200 : 206, headers });
}
