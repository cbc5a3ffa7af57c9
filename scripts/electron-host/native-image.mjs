import { strict } from './strict.mjs';

/** A picture as `capturePage` gives it: PNG bytes, whose size stands in their header. */
export function nativeImageOf(png) {
  return strict('NativeImage', {
    toPNG: () => png,
    getSize: () => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) }),
    isEmpty: () => png.length === 0,
  });
}
