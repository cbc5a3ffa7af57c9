import { createCodec } from './codec.mjs';

/**
 * One end of the bridge between the page's world and the preload's isolated world. Both share the document, so they talk
 * by events whose `detail` Chromium clones across worlds. As in Electron: functions become proxies, promises are settled
 * across, prototypes are dropped. Runs in the page; self-contained.
 */
function createPeer(mark, outgoing, incoming) {
  const dispatch = document.dispatchEvent.bind(document);
  const Detail = CustomEvent;
  const functions = new Map();
  const waiting = new Map();
  const returned = new Map();
  let lastId = 0;

  const send = (message) => void dispatch(new Detail(outgoing, { detail: message }));

  function pack(value) {
    if (typeof value === 'function') {
      functions.set(++lastId, value);
      return { [mark]: 'function', id: lastId };
    }
    if (value === null || typeof value !== 'object') return value;
    if (typeof value.then === 'function') {
      const id = ++lastId;
      value.then(
        (result) => send({ op: 'settled', id, ok: true, value: pack(result) }),
        (error) =>
          send({ op: 'settled', id, ok: false, value: error instanceof Error ? error : pack(error) }),
      );
      return { [mark]: 'promise', id };
    }
    if (Array.isArray(value)) return value.map(pack);
    const plain = !(
      value instanceof Date ||
      value instanceof Error ||
      value instanceof RegExp ||
      value instanceof Map ||
      value instanceof Set ||
      value instanceof ArrayBuffer ||
      value instanceof Blob ||
      ArrayBuffer.isView(value)
    );
    return plain ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)])) : value;
  }

  function unpack(value) {
    if (value === null || typeof value !== 'object') return value;
    if (value[mark] === 'function') return (...args) => call(value.id, args);
    if (value[mark] === 'promise')
      return new Promise((resolve, reject) => waiting.set(value.id, { resolve, reject }));
    if (Array.isArray(value)) return value.map(unpack);
    const plain = Object.prototype.toString.call(value) === '[object Object]';
    return plain
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]))
      : value;
  }

  function call(target, args) {
    const id = ++lastId;
    send({ op: 'call', id, target, args: args.map(pack) });
    const answer = returned.get(id);
    returned.delete(id);
    if (!answer) throw new Error('electron-host: the other world did not answer');
    if (!answer.ok) throw answer.value;
    return unpack(answer.value);
  }

  const peer = { send, pack, unpack, onOther: () => undefined };
  document.addEventListener(incoming, (event) => {
    const message = event.detail;
    if (message.op === 'call') {
      try {
        const value = functions.get(message.target)(...message.args.map(unpack));
        send({ op: 'returned', id: message.id, ok: true, value: pack(value) });
      } catch (error) {
        send({ op: 'returned', id: message.id, ok: false, value: error });
      }
    } else if (message.op === 'returned') returned.set(message.id, message);
    else if (message.op === 'settled') {
      const promise = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.ok) promise?.resolve(unpack(message.value));
      else promise?.reject(message.value);
    } else peer.onOther(message);
  });
  return peer;
}

/** Runs in the preload's isolated world: gives the preload script Electron's sandboxed `require`. */
function preloadWorld(peerFactory, codec, mark, preload, processInfo) {
  const peer = peerFactory(mark, `${mark}:to-page`, `${mark}:to-preload`);
  const exposed = [];
  const listeners = new Map();
  const invocations = new Map();
  let lastId = 0;
  const transmit = globalThis.electronHostSend;
  const strict = (name, target) =>
    new Proxy(target, {
      get(object, key) {
        if (
          typeof key === 'symbol' ||
          key in object ||
          key === 'then' ||
          key === 'default' ||
          key === '__esModule'
        )
          return object[key];
        throw new Error(`electron-host: ${name}.${key} is not imitated in a preload`);
      },
    });

  peer.onOther = (message) => {
    if (message.op === 'hello') for (const { name, api } of exposed) peer.send({ op: 'expose', name, api });
  };
  globalThis.electronHostReceive = (text) => {
    const message = codec.decode(text);
    if (message.op === 'event') {
      for (const listener of listeners.get(message.channel) ?? [])
        listener({ sender: ipcRenderer }, ...message.args);
      return;
    }
    const invocation = invocations.get(message.id);
    invocations.delete(message.id);
    if (message.ok) invocation?.resolve(message.value);
    else invocation?.reject(new Error(message.value));
  };

  const ipcRenderer = strict('ipcRenderer', {
    invoke(channel, ...args) {
      const id = ++lastId;
      transmit(codec.encode({ op: 'invoke', id, channel, args }));
      return new Promise((resolve, reject) => invocations.set(id, { resolve, reject }));
    },
    send: (channel, ...args) => void transmit(codec.encode({ op: 'send', channel, args })),
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off(channel, listener) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((known) => known !== listener),
      );
      return ipcRenderer;
    },
    removeListener: (channel, listener) => ipcRenderer.off(channel, listener),
  });
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(name, api) {
      if (exposed.some((known) => known.name === name))
        throw new Error('Cannot bind an API on top of an existing property');
      const packed = peer.pack(api);
      exposed.push({ name, api: packed });
      peer.send({ op: 'expose', name, api: packed });
    },
  });
  const electron = strict('electron', { contextBridge, ipcRenderer });
  const sandboxedRequire = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name} (a sandboxed preload has electron only)`);
  };
  const module = { exports: {} };
  preload(sandboxedRequire, module, module.exports, Object.freeze(processInfo));
}

/** Runs in the page's world before any script of the page: installs what the preload exposes, frozen. */
function pageWorld(peerFactory, mark) {
  const peer = peerFactory(mark, `${mark}:to-preload`, `${mark}:to-page`);
  const freeze = (value) => {
    if (value !== null && typeof value === 'object') for (const item of Object.values(value)) freeze(item);
    return typeof value === 'object' || typeof value === 'function' ? Object.freeze(value) : value;
  };
  peer.onOther = ({ op, name, api }) => {
    if (op !== 'expose' || Object.hasOwn(globalThis, name)) return;
    Object.defineProperty(globalThis, name, { value: freeze(peer.unpack(api)), enumerable: true });
  };
  peer.send({ op: 'hello' });
}

/** Source of the script for the isolated world. `preload` is the text of the app's bundled preload. */
export function preloadWorldSource({ mark, preload, processInfo }) {
  return `if (window === window.top) (${preloadWorld})(${createPeer}, (${createCodec})(), ${JSON.stringify(mark)},
    (require, module, exports, process) => {${preload}\n}, ${JSON.stringify(processInfo)});`;
}

/** Source of the script for the page's own world. `window.open` asks the app and never opens anything by itself. */
export function pageWorldSource({ mark }) {
  return `if (window === window.top) (${pageWorld})(${createPeer}, ${JSON.stringify(mark)});
    { const ask = globalThis.electronHostOpen; delete globalThis.electronHostOpen;
      window.open = (url = 'about:blank') => { ask(String(url)); return null; }; }`;
}
