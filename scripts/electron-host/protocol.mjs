import { preventable } from './app.mjs';
import { requestAllowed } from './session.mjs';
import { runtime } from './runtime.mjs';
import { strict } from './strict.mjs';
import { fromChromium, registerScheme, schemeOf } from './urls.mjs';

const handlers = new Map();

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(list) {
    for (const { scheme, privileges = {} } of list) {
      if (!privileges.standard || !privileges.secure) {
        throw new Error('electron-host: only standard, secure schemes are imitated');
      }
      registerScheme(scheme);
    }
  },
  handle(scheme, handler) {
    if (handlers.has(scheme)) throw new Error(`protocol.handle: ${scheme} has a handler already`);
    handlers.set(scheme, handler);
  },
  unhandle: (scheme) => void handlers.delete(scheme),
  isProtocolHandled: (scheme) => handlers.has(scheme),
});

/** Lets every request of every page, frame and worker pass through the app. */
export async function interceptRequests() {
  runtime.cdp.on('/Fetch.requestPaused', (event) => void answer(event).catch(() => undefined));
  await runtime.cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}

async function answer(event) {
  const { cdp } = runtime;
  const { requestId, request, resourceType } = event;
  const fail = (errorReason) => cdp.send('Fetch.failRequest', { requestId, errorReason });
  try {
    if (/^https:\/\/window-\d+\.host\.invalid\//.test(request.url)) {
      await cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 200, body: '' });
      return;
    }
    const url = fromChromium(request.url);
    if (resourceType === 'Document' && !navigationAllowed(event, url)) {
      await fail('Aborted');
      return;
    }
    const allowed = await requestAllowed({
      url,
      method: request.method,
      resourceType: resourceTypeName(event),
    });
    const handler = handlers.get(schemeOf(url));
    if (!allowed) await fail('BlockedByClient');
    else if (handler) await fulfil(requestId, await handler(toRequest(url, request)));
    else await cdp.send('Fetch.continueRequest', { requestId });
  } catch (error) {
    process.stderr.write(`electron-host: ${request.url}: ${error.stack}\n`);
    await fail('Failed');
  }
}

function resourceTypeName({ resourceType, frameId }) {
  if (resourceType === 'Document') return runtime.contentsByTarget.has(frameId) ? 'mainFrame' : 'subFrame';
  return resourceType.toLowerCase();
}

/** Tells the app of a navigation that it did not start itself. */
function navigationAllowed({ frameId, redirectedRequestId }, url) {
  const contents = runtime.contentsByTarget.get(frameId);
  const owner =
    contents ?? [...runtime.contentsByTarget.values()].find((known) => known.hostFrames.has(frameId));
  if (!owner) return true;
  if (contents && contents.hostTakeExpected(url)) return true;
  const event = Object.assign(preventable(), {
    url,
    isMainFrame: contents !== undefined,
    isSameDocument: false,
  });
  owner.emit('will-frame-navigate', event);
  if (contents) owner.emit(redirectedRequestId ? 'will-redirect' : 'will-navigate', event, url);
  return !event.defaultPrevented;
}

function toRequest(url, { method, headers, postData }) {
  const init = { method, headers };
  return new Request(url, postData === undefined ? init : { ...init, body: postData });
}

async function fulfil(requestId, response) {
  const body = Buffer.from(await response.arrayBuffer()).toString('base64');
  await runtime.cdp.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
    body,
  });
}
