import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ProgramHandle, ProgramSpawner } from '../ports/program-spawner.ts';
import { ProgramClient } from './program-client.ts';
import { toErrorValue, AnThuError } from './errors.ts';

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** A host whose programs are played by the test. */
class PlayedSpawner implements ProgramSpawner {
  readonly started: PlayedProgram[] = [];
  readonly #answer: (program: PlayedProgram, request: Request) => void;

  constructor(answer: (program: PlayedProgram, request: Request) => void) {
    this.#answer = answer;
  }

  spawn(): ProgramHandle {
    const program = new PlayedProgram(this.started.length + 1, this.#answer);
    this.started.push(program);
    return program;
  }
}

class PlayedProgram implements ProgramHandle {
  readonly pid: number;
  killed = false;
  readonly #answer: (program: PlayedProgram, request: Request) => void;
  #message: (message: unknown) => void = () => undefined;
  #exit: (reason: string) => void = () => undefined;

  constructor(pid: number, answer: (program: PlayedProgram, request: Request) => void) {
    this.pid = pid;
    this.#answer = answer;
  }

  post(message: unknown): void {
    queueMicrotask(() => this.#answer(this, message as Request));
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.#exit = listener;
  }
  kill(): void {
    this.killed = true;
  }
  say(message: unknown): void {
    this.#message(message);
  }
  die(reason: string): void {
    this.#exit(reason);
  }
}

const echo = (program: PlayedProgram, { id, params }: Request): void =>
  program.say({ kind: 'result', id, value: params });
const soon = { deadlineMs: 1000 };

describe('calls into a helper program', () => {
  it('start it at the first call and once', async () => {
    const spawner = new PlayedSpawner(echo);
    const client = new ProgramClient(spawner, 'document-worker');
    expect(spawner.started).toHaveLength(0);
    expect(await client.call('read', 5, z.number(), soon)).toBe(5);
    expect(await client.call('read', 6, z.number(), soon)).toBe(6);
    expect(spawner.started).toHaveLength(1);
  });

  it('are answered whatever the order of the answers', async () => {
    const held: Request[] = [];
    const spawner = new PlayedSpawner((_, request) => held.push(request));
    const client = new ProgramClient(spawner, 'document-worker');
    const first = client.call('read', 'a', z.string(), soon);
    const second = client.call('read', 'b', z.string(), soon);
    await Promise.resolve();
    for (const request of held.toReversed()) echo(spawner.started[0]!, request);
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  it('do not trust the shape of an answer', async () => {
    const client = new ProgramClient(new PlayedSpawner(echo), 'document-worker');
    await expect(client.call('read', 'text', z.number(), soon)).rejects.toThrow();
  });

  it.each([{}, { startsAfter: Promise.resolve() }])(
    'that cannot be sent fail at once and cost the program nothing (%j)',
    async (when) => {
      const spawner = new PlayedSpawner(echo);
      const client = new ProgramClient(spawner, 'document-worker');
      expect(await client.call('read', 1, z.number(), soon)).toBe(1);
      const post = PlayedProgram.prototype.post;
      spawner.started[0]!.post = function (this: PlayedProgram, message) {
        post.call(this, structuredClone(message));
      };
      const closure = client.call('read', () => 1, z.number(), { deadlineMs: 200, ...when });
      await expect(closure).rejects.toMatchObject({ code: 'general.defect' });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(spawner.started[0]?.killed).toBe(false);
      expect(await client.call('read', 2, z.number(), soon)).toBe(2);
    },
  );

  it('end with a program that talks nonsense, which costs nobody else anything', async () => {
    const spawner = new PlayedSpawner((program) => program.say({ kind: 'gossip' }));
    const client = new ProgramClient(spawner, 'document-worker');
    await expect(client.call('read', 1, z.number(), soon)).rejects.toMatchObject({
      code: 'general.program-died',
    });
    expect(spawner.started[0]?.killed).toBe(true);
  });

  it('carry the errors of the program', async () => {
    const spawner = new PlayedSpawner((program, { id }) =>
      program.say({ kind: 'error', id, error: toErrorValue(new AnThuError('pdf.encrypted')) }),
    );
    const client = new ProgramClient(spawner, 'document-worker');
    await expect(client.call('read', 1, z.number(), soon)).rejects.toMatchObject({ code: 'pdf.encrypted' });
  });

  it('that get no answer in time end with the program killed, and the next call has a fresh one', async () => {
    let silent = true;
    const spawner = new PlayedSpawner((program, request) => {
      if (!silent) echo(program, request);
    });
    const client = new ProgramClient(spawner, 'document-worker');
    await expect(client.call('read', 1, z.number(), { deadlineMs: 20 })).rejects.toMatchObject({
      code: 'general.program-timeout',
    });
    expect(spawner.started[0]?.killed).toBe(true);
    silent = false;
    expect(await client.call('read', 2, z.number(), soon)).toBe(2);
    expect(spawner.started).toHaveLength(2);
  });

  it('hear nothing more of a program that was stopped, whatever it still has to say', async () => {
    const spawner = new PlayedSpawner(echo);
    const client = new ProgramClient(spawner, 'token-host');
    const events: string[] = [];
    client.onEvent((name) => events.push(name));
    await client.call('read', 1, z.number(), soon);
    client.stop();
    await client.call('read', 2, z.number(), soon);
    spawner.started[0]?.say({ kind: 'event', name: 'late', value: {} });
    spawner.started[1]?.say({ kind: 'event', name: 'own', value: {} });
    expect(events).toEqual(['own']);
  });

  it('that wait behind another call have their deadline begin when that one is answered', async () => {
    const held: Request[] = [];
    const spawner = new PlayedSpawner((_, request) => held.push(request));
    const client = new ProgramClient(spawner, 'document-worker');
    const first = client.call('read', 'a', z.string(), { deadlineMs: 60_000 });
    const second = client.call('read', 'b', z.string(), { deadlineMs: 60, startsAfter: first });
    await expect.poll(() => held.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 120));
    echo(spawner.started[0]!, held[0]!);
    expect(await first).toBe('a');
    const begun = performance.now();
    await expect(second).rejects.toMatchObject({ code: 'general.program-timeout' });
    expect(performance.now() - begun).toBeGreaterThan(40);
    expect(spawner.started[0]?.killed).toBe(true);
  });

  it('all fail when the program dies, and the next call has a fresh one', async () => {
    let deadly = true;
    const spawner = new PlayedSpawner((program, request) =>
      deadly ? program.die('signal SIGSEGV') : echo(program, request),
    );
    const client = new ProgramClient(spawner, 'document-worker');
    const calls = [1, 2].map((n) => client.call('read', n, z.number(), soon));
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'general.program-died' } });
    }
    deadly = false;
    expect(await client.call('read', 3, z.number(), soon)).toBe(3);
  });

  it('let an idle program go', async () => {
    const spawner = new PlayedSpawner(echo);
    const client = new ProgramClient(spawner, 'document-worker', { idleMs: 10 });
    await client.call('read', 1, z.number(), soon);
    await expect.poll(() => spawner.started[0]?.killed).toBe(true);
    expect(client.pid).toBeUndefined();
  });
});
