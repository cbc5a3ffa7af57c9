import { describe, expect, test } from 'vitest';
import { CallLine } from './call-line.ts';

/** Calls that end when the test says so, in the order in which they began. */
function heldCalls() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    begun,
    call: (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        begun.push(name);
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      }),
    end: async (name: string, error?: Error) => {
      ends.get(name)?.(error);
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

describe('the line of calls to a token host', () => {
  test('lets signatures follow each other up to its depth, and everything else go alone', async () => {
    const line = new CallLine(2);
    const held = heldCalls();
    const all = [
      line.run(held.call('list')),
      line.runPiped(held.call('sign 1')),
      line.runPiped(held.call('sign 2')),
      line.runPiped(held.call('sign 3')),
      line.run(held.call('lock')),
      line.runPiped(held.call('sign 4')),
    ];
    expect(held.begun).toEqual(['list']);
    await held.end('list');
    expect(held.begun).toEqual(['list', 'sign 1', 'sign 2']);
    await held.end('sign 1');
    expect(held.begun.at(-1)).toBe('sign 3');
    await held.end('sign 3');
    expect(held.begun.at(-1)).toBe('sign 3');
    await held.end('sign 2');
    expect(held.begun.at(-1)).toBe('lock');
    await held.end('lock');
    expect(held.begun.at(-1)).toBe('sign 4');
    expect(line.busy).toBe(true);
    await held.end('sign 4');
    expect((await Promise.all(all)).length).toBe(6);
    expect(line.busy).toBe(false);
  });

  test('goes on after a call that fails, and tells the next one when its turn came', async () => {
    const line = new CallLine(3);
    const held = heldCalls();
    const first = line.runPiped(held.call('first'));
    let turn = false;
    const second = line.runPiped(async (before) => {
      await before;
      turn = true;
    });
    await new Promise((resolve) => setTimeout(resolve));
    expect(turn).toBe(false);
    const failed = expect(first).rejects.toThrow('đứt');
    await held.end('first', new Error('đứt'));
    await failed;
    await second;
    expect(turn).toBe(true);
  });
});
