import { EventEmitter } from 'node:events';
import { strict } from './strict.mjs';

const handlers = new Map();

class IpcMain extends EventEmitter {
  handle(channel, handler) {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  }

  removeHandler(channel) {
    handlers.delete(channel);
  }
}

export const ipcMain = strict('ipcMain', new IpcMain());

/** Runs the handler of a channel; errors get Electron's wording. */
export async function invokeHandler(event, channel, args) {
  const handler = handlers.get(channel);
  try {
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return { ok: true, value: await handler(event, ...args) };
  } catch (error) {
    return { ok: false, value: `Error invoking remote method '${channel}': ${error}` };
  }
}
