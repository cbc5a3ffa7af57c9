import { vi } from 'vitest';
import { Socket } from 'node:net';

/*
 * For tests under Wine. Wine 8 refuses the keep-alive settings that fetch makes on a socket before it is connected
 * (“connect UNKNOWN”); Windows does not. The product asks with node:http, which makes none.
 */
Socket.prototype.setKeepAlive = function (): Socket {
  return this;
};

/*
 * Files share a process here. What one file's modules hold must not reach the next, and helpers whose hooks stand in the module
 * itself must be loaded by each file anew, as they are on Linux. This file runs before each of them.
 */
vi.resetModules();
