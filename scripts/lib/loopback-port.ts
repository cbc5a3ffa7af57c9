import { createServer } from 'node:net';

/** Below what systems give out by themselves (Linux from 32768, others from 49152), above what services are known by. */
const FIRST = 10_240;
const BLOCK = 64;
const BLOCKS = 340;

let asked = Math.floor(Math.random() * BLOCK);

/**
 * A loopback port for a service that starts later, or that ends and starts again at the same address; free a moment ago. One
 * that port 0 gives is handed to the next program that asks as soon as nobody listens there. Each process looks in a block of
 * its own first, so that programs that begin at the same moment do not choose the same. `neighbour`: the next one is free, too.
 * Throws when none of a thousand is free.
 */
export async function loopbackPort(neighbour: 'any' | 'free' = 'any'): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const block = (process.pid + Math.floor(tries / BLOCK)) % BLOCKS;
    const port = FIRST + block * BLOCK + (asked++ % BLOCK);
    if ((await isFree(port)) && (neighbour === 'any' || (await isFree(port + 1)))) return port;
  }
  throw new Error('no free loopback port');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
