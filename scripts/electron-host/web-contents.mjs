import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pageWorldSource, preloadWorldSource } from './bridge.mjs';
import { app, preventable } from './app.mjs';
import { createCodec } from './codec.mjs';
import { invokeHandler, ipcMain } from './ipc-main.mjs';
import { nativeImageOf } from './native-image.mjs';
import { runtime } from './runtime.mjs';
import { decidePermissions, defaultSession } from './session.mjs';
import { strict } from './strict.mjs';
import { fromChromium, schemeOf, toChromium } from './urls.mjs';

const codec = createCodec();
const preloadWorld = 'electron-host-preload';
let lastId = 0;

class WebContents extends EventEmitter {
  constructor(preloadPath) {
    super();
    this.id = ++lastId;
    this.session = defaultSession;
    this.hostPreloadPath = preloadPath;
    this.hostUrl = '';
    this.hostFrames = new Map();
    this.hostPreloadContext = undefined;
    this.hostContexts = new Map();
    this.hostExpected = new Set();
    this.hostDestroyed = false;
    this.hostWindowOpenHandler = undefined;
    const contents = this;
    this.mainFrame = strict('WebFrameMain', {
      parent: null,
      get top() {
        return contents.mainFrame;
      },
      get url() {
        return contents.hostUrl;
      },
      get origin() {
        return originOf(contents.hostUrl);
      },
    });
  }

  /** Takes hold of a Chromium target and puts the app's preload in front of every page it will load. */
  async hostAttach(self, targetId) {
    const { cdp } = runtime;
    this.hostSelf = self;
    this.hostTargetId = targetId;
    runtime.contentsByTarget.set(targetId, self);
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
    this.hostSessionId = sessionId;
    const on = (method, listener) => cdp.on(`${sessionId}/${method}`, listener);
    on('Runtime.executionContextCreated', ({ context }) => this.hostContextCreated(context));
    on('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      this.hostContexts.delete(executionContextId),
    );
    on('Runtime.bindingCalled', (call) => void this.hostBindingCalled(call));
    on('Page.frameNavigated', ({ frame }) => this.hostFrameNavigated(frame));
    on('Page.navigatedWithinDocument', ({ frameId, url }) => frameId === targetId && this.hostSetUrl(url));
    on('Page.frameRequestedNavigation', (request) => this.hostRequestedNavigation(request));
    on('Page.domContentEventFired', () => this.emit('dom-ready'));
    on('Page.loadEventFired', () => this.emit('did-finish-load'));
    on('Inspector.targetCrashed', () =>
      this.emit('render-process-gone', preventable(), { reason: 'crashed', exitCode: 5 }),
    );
    const mark = `electron-host-${randomUUID()}`;
    await Promise.all([
      this.hostSend('Page.enable'),
      this.hostSend('Runtime.addBinding', { name: 'electronHostSend', executionContextName: preloadWorld }),
      this.hostSend('Runtime.addBinding', { name: 'electronHostOpen' }),
      this.hostSend('Runtime.enable'),
      this.hostPreloadPath === undefined
        ? undefined
        : this.hostSend('Page.addScriptToEvaluateOnNewDocument', {
            worldName: preloadWorld,
            source: preloadWorldSource({
              mark,
              preload: readFileSync(this.hostPreloadPath, 'utf8'),
              processInfo: {
                platform: process.platform,
                versions: { ...process.versions },
                sandboxed: true,
                contextIsolated: true,
              },
            }),
          }),
      this.hostSend('Page.addScriptToEvaluateOnNewDocument', { source: pageWorldSource({ mark }) }),
    ]);
    app.emit('web-contents-created', preventable(), self);
  }

  hostSend(method, params) {
    return runtime.cdp.send(method, params, this.hostSessionId);
  }

  hostContextCreated(context) {
    const frameId = context.auxData?.frameId;
    this.hostContexts.set(context.id, frameId);
    if (context.name === preloadWorld && frameId === this.hostTargetId) this.hostPreloadContext = context.id;
  }

  hostFrameNavigated(frame) {
    if (frame.parentId) this.hostFrames.set(frame.id, frame);
    else {
      this.hostFrames.clear();
      this.hostSetUrl(frame.url);
      this.emit('did-navigate', preventable(), this.hostUrl);
    }
  }

  hostSetUrl(url) {
    this.hostUrl = fromChromium(url);
  }

  /** Schemes that Chromium would not even ask about (`app:` typed out, `file:`, `about:`) reach the app from here. */
  hostRequestedNavigation({ frameId, url }) {
    if (/^https?:/.test(url) || frameId !== this.hostTargetId) return;
    const event = Object.assign(preventable(), { url, isMainFrame: true, isSameDocument: false });
    this.emit('will-frame-navigate', event);
    this.emit('will-navigate', event, url);
    if (!event.defaultPrevented && toChromium(url) !== url) void this.loadURL(url);
  }

  async hostBindingCalled({ name, payload, executionContextId }) {
    if (name === 'electronHostOpen') {
      this.hostOpenRequested(payload);
      return;
    }
    const message = codec.decode(payload);
    const frameId = this.hostContexts.get(executionContextId);
    const frame = this.hostFrames.get(frameId);
    const senderFrame = frame
      ? {
          url: fromChromium(frame.url),
          origin: originOf(fromChromium(frame.url)),
          parent: this.mainFrame,
          top: this.mainFrame,
        }
      : this.mainFrame;
    const event = { ...preventable(), sender: this.hostSelf, senderFrame, type: 'frame' };
    if (message.op === 'send') {
      ipcMain.emit(message.channel, event, ...message.args);
      return;
    }
    const reply = await invokeHandler(event, message.channel, message.args);
    await this.hostDeliver({ op: 'reply', id: message.id, ...reply }, executionContextId);
  }

  hostDeliver(message, contextId) {
    const expression = `electronHostReceive(${JSON.stringify(codec.encode(message))})`;
    // A page that has gone meanwhile gets no answer, as in Electron.
    return this.hostSend('Runtime.evaluate', { expression, contextId }).catch(() => undefined);
  }

  hostOpenRequested(url) {
    if (!this.hostWindowOpenHandler)
      throw new Error('electron-host: a window without setWindowOpenHandler is not imitated');
    const answer = this.hostWindowOpenHandler({
      url: fromChromium(url),
      frameName: '',
      features: '',
      disposition: 'new-window',
    });
    if (answer.action !== 'deny')
      throw new Error('electron-host: windows opened by the page are not imitated');
  }

  /** Whether this navigation was asked for by `loadURL`; true once for each. */
  hostTakeExpected(url) {
    return this.hostExpected.delete(url);
  }

  hostGone() {
    if (this.hostDestroyed) return;
    this.hostDestroyed = true;
    runtime.contentsByTarget.delete(this.hostTargetId);
    this.emit('destroyed');
  }

  async loadURL(url) {
    await this.hostReady;
    const target = toChromium(url);
    const withSlash = fromChromium(new URL(target).href.split('#')[0]);
    this.hostExpected.add(withSlash);
    if (target.startsWith('https:')) await decidePermissions(this.hostSelf, url, new URL(target).origin);
    const loaded = new Promise((resolve) => this.once('did-finish-load', resolve));
    const { errorText } = await this.hostSend('Page.navigate', { url: target });
    this.hostExpected.delete(withSlash);
    if (errorText) {
      this.emit('did-fail-load', preventable(), -2, errorText, url, true);
      throw new Error(`${errorText.replace('net::', '')} (-2) loading '${url}'`);
    }
    await loaded;
  }

  getURL() {
    return this.hostUrl;
  }

  isDestroyed() {
    return this.hostDestroyed;
  }

  reload() {
    this.hostExpected.add(this.hostUrl.split('#')[0]);
    void this.hostSend('Page.reload');
  }

  send(channel, ...args) {
    if (this.hostPreloadContext !== undefined)
      void this.hostDeliver({ op: 'event', channel, args }, this.hostPreloadContext);
  }

  setWindowOpenHandler(handler) {
    this.hostWindowOpenHandler = handler;
  }

  async executeJavaScript(code, userGesture = false) {
    await this.hostReady;
    const { result, exceptionDetails } = await this.hostSend('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async capturePage() {
    await this.hostReady;
    const { data } = await this.hostSend('Page.captureScreenshot', { format: 'png' });
    return nativeImageOf(Buffer.from(data, 'base64'));
  }

  async printToPDF(options = {}) {
    await this.hostReady;
    const { data } = await this.hostSend('Page.printToPDF', {
      landscape: options.landscape ?? false,
      printBackground: options.printBackground ?? false,
      preferCSSPageSize: options.preferCSSPageSize ?? false,
      ...(options.pageSize === 'A4' ? { paperWidth: 8.27, paperHeight: 11.69 } : {}),
    });
    return Buffer.from(data, 'base64');
  }

  focus() {}

  /** Developer tools have no window of their own here. */
  openDevTools() {}

  close() {
    void runtime.cdp.send('Target.closeTarget', { targetId: this.hostTargetId }).catch(() => undefined);
  }
}

function originOf(url) {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)/i.exec(url);
  return match && schemeOf(url) !== 'file' ? match[1] : 'null';
}

/** A web contents object for a window; `ready` settles when `hostAttach` is through. */
export function createWebContents(preloadPath) {
  return strict('WebContents', new WebContents(preloadPath));
}

export const webContents = strict('webContents', {
  getAllWebContents: () => [...runtime.contentsByTarget.values()],
  fromId: (id) => [...runtime.contentsByTarget.values()].find((contents) => contents.id === id),
  fromDevToolsTargetId: (targetId) => runtime.contentsByTarget.get(targetId),
});
