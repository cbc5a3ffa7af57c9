import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createElectronSpawner } from './electron-spawner.ts';

/** The engine's port to a main process that is played by the test. */
class Port extends EventEmitter {
  readonly sent: unknown[] = [];
  postMessage(message: unknown): void {
    this.sent.push(message);
  }
  receive(data: unknown): void {
    this.emit('message', { data });
  }
}

test('asks the main process for a program and relays both ways', () => {
  const port = new Port();
  const program = createElectronSpawner(port).spawn('token-host', {
    args: ['a'],
    env: { B: 'c' },
    memoryMb: 64,
  });
  const heard: unknown[] = [];
  program.onMessage((message) => heard.push(message));
  program.post({ hello: 1 });
  port.receive({ kind: 'spawned', handle: 1, pid: 42 });
  port.receive({ kind: 'message', handle: 1, message: 'there' });
  port.receive({ kind: 'message', handle: 2, message: 'for somebody else' });
  port.receive({ kind: 'call', id: 1, procedure: 'engine.status', input: {} });
  expect({ sent: port.sent, heard, pid: program.pid }).toEqual({
    sent: [
      { kind: 'spawn', handle: 1, program: 'token-host', args: ['a'], env: { B: 'c' }, memoryMb: 64 },
      { kind: 'post', handle: 1, message: { hello: 1 } },
    ],
    heard: ['there'],
    pid: 42,
  });
});

test('tells of the end once, also somebody who asks late, and sends nothing more', async () => {
  const port = new Port();
  const program = createElectronSpawner(port).spawn('ocr-worker');
  const reasons: string[] = [];
  program.onExit((reason) => reasons.push(`early: ${reason}`));
  port.receive({ kind: 'exit', handle: 1, reason: 'exit code 9' });
  port.receive({ kind: 'exit', handle: 1, reason: 'again' });
  program.onExit((reason) => reasons.push(`late: ${reason}`));
  program.post('lost');
  await Promise.resolve();
  expect(reasons).toEqual(['early: exit code 9', 'late: exit code 9']);
  expect(port.sent).toHaveLength(1);
});

test('works in a utility process only', () => {
  expect(() => createElectronSpawner(undefined)).toThrow('utility process');
});
