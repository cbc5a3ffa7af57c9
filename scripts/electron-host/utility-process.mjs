import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { refuseUnknown, strict } from './strict.mjs';

const childEntry = fileURLToPath(new URL('./utility-child.mjs', import.meta.url));
const knownOptions = ['env', 'execArgv', 'cwd', 'stdio', 'serviceName'];

class UtilityProcess extends EventEmitter {
  constructor(modulePath, args, options) {
    super();
    const child = fork(childEntry, [modulePath, ...args], {
      env: options.env ?? process.env,
      execArgv: options.execArgv ?? [],
      cwd: options.cwd,
      serialization: 'advanced',
      stdio: options.stdio === 'ignore' ? ['ignore', 'ignore', 'ignore', 'ipc'] : ['ignore', 2, 2, 'ipc'],
    });
    this.pid = undefined;
    this.stdout = null;
    this.stderr = null;
    this.hostChild = child;
    child.once('spawn', () => {
      this.pid = child.pid;
      this.emit('spawn');
    });
    child.on('message', (message) => this.emit('message', message.value));
    child.once('error', (error) => this.emit('error', 'FatalError', error.message, ''));
    child.once('exit', (code, signal) => {
      this.pid = undefined;
      this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15));
    });
  }

  postMessage(message, transfer = []) {
    if (transfer.length > 0) throw new Error('electron-host: transferring MessagePorts is not imitated');
    if (this.hostChild.connected) this.hostChild.send({ value: message }, () => undefined);
  }

  kill() {
    return this.hostChild.kill('SIGTERM');
  }
}

export const utilityProcess = strict('utilityProcess', {
  fork(modulePath, args = [], options = {}) {
    refuseUnknown('utilityProcess.fork', options, knownOptions);
    return strict('UtilityProcess', new UtilityProcess(modulePath, args, options));
  },
});
