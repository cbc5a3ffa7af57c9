import { Socket } from 'node:net';

/*
 * For tests under Wine. Wine 8 refuses the keep-alive settings that fetch makes on a socket before it is connected
 * (“connect UNKNOWN”); Windows does not. The product asks with node:http, which makes none.
 */
Socket.prototype.setKeepAlive = function (): Socket {
  return this;
};
