import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const { send } = process;

/** The inside of a utility process: `process.parentPort`, and Electron's argument order, for the module named first. */
class ParentPort extends EventEmitter {
  #early = [];

  constructor() {
    super();
    process.on('message', ({ value }) => {
      const event = { data: value, ports: [] };
      if (this.listenerCount('message') > 0) this.emit('message', event);
      else this.#early.push(event);
    });
    this.on('newListener', (name) => {
      if (name !== 'message') return;
      queueMicrotask(() => {
        for (const event of this.#early.splice(0)) this.emit('message', event);
      });
    });
  }

  postMessage(message) {
    send.call(process, { value: message }, () => undefined);
  }
}

process.on('disconnect', () => process.exit(0));
const [, , modulePath] = process.argv;
process.argv.splice(1, 1);
Object.defineProperty(process, 'parentPort', { value: new ParentPort() });
Object.defineProperty(process, 'type', { value: 'utility' });
// Electron's utility process has `process.parentPort` instead of Node's own channel to the parent.
process.send = undefined;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron')
      throw new Error('electron-host: `electron` is not imitated in a utility process');
    return next(specifier, context);
  },
});
await import(pathToFileURL(modulePath).href);
