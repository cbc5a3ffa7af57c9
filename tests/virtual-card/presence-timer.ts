import { z } from 'zod';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';

const callSchema = z.object({ id: z.number(), method: z.string() });
const replySchema = z.object({ id: z.number() });

/** A spawner that knows how long the module itself blocked in each look for tokens. */
export function presenceTimer(): ProgramSpawner & { longest(): number; forget(): void } {
  const inner = createNodeSpawner();
  let longest = 0;
  return {
    longest: () => longest,
    forget: () => {
      longest = 0;
    },
    spawn(name, options) {
      const handle = inner.spawn(name, options);
      const started = new Map<number, number>();
      handle.onMessage((message) => {
        const reply = replySchema.safeParse(message);
        const before = reply.success ? started.get(reply.data.id) : undefined;
        if (before !== undefined) longest = Math.max(longest, performance.now() - before);
      });
      return {
        get pid() {
          return handle.pid;
        },
        post: (message) => {
          const call = callSchema.safeParse(message);
          if (call.success && call.data.method === 'presence') started.set(call.data.id, performance.now());
          handle.post(message);
        },
        onMessage: (listener) => handle.onMessage(listener),
        onExit: (listener) => handle.onExit(listener),
        kill: () => handle.kill(),
      };
    },
  };
}
