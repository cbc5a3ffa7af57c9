// Preloaded into build/engine.mjs: the port that Electron gives a utility process, over Node's own channel.
import { EventEmitter } from 'node:events';

const { send } = process;
const port = new EventEmitter();
port.postMessage = (message) => send.call(process, message, () => undefined);
// What comes before somebody listens waits in Node's channel.
port.once('newListener', () => process.on('message', (data) => port.emit('message', { data, ports: [] })));
process.parentPort = port;
process.send = undefined;
