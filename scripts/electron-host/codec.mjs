/**
 * Values across a JSON channel with the meaning of a structured clone: undefined, BigInt, Date, Map, Set, RegExp, Error,
 * ArrayBuffer and typed arrays survive; functions, symbols and promises throw, as in Electron. Self-contained, because
 * its source text also runs inside the page.
 */
export function createCodec() {
  const typed = [
    Uint8Array,
    Int8Array,
    Uint8ClampedArray,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ];

  function toBase64(bytes) {
    if (typeof Buffer !== 'undefined')
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    let text = '';
    for (let index = 0; index < bytes.length; index += 0x8000) {
      text += String.fromCharCode(...bytes.subarray(index, index + 0x8000));
    }
    return btoa(text);
  }

  function fromBase64(text) {
    if (typeof Buffer !== 'undefined') return new Uint8Array(Buffer.from(text, 'base64'));
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  }

  function pack(value) {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ['number', Object.is(value, -0) ? '-0' : String(value)];
    if (value === undefined) return ['undefined'];
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value !== 'object' || typeof value.then === 'function')
      throw new Error('An object could not be cloned.');
    if (Array.isArray(value)) return ['array', value.map(pack)];
    if (value instanceof Date) return ['date', value.getTime()];
    if (value instanceof RegExp) return ['regexp', value.source, value.flags];
    if (value instanceof Map) return ['map', [...value].map(([key, item]) => [pack(key), pack(item)])];
    if (value instanceof Set) return ['set', [...value].map(pack)];
    if (value instanceof Error) return ['error', value.name, value.message, value.stack ?? ''];
    if (value instanceof ArrayBuffer) return ['buffer', toBase64(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      const kind = typed.find((type) => value instanceof type)?.name ?? 'DataView';
      return ['typed', kind, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))];
    }
    return ['object', Object.entries(value).map(([key, item]) => [key, pack(item)])];
  }

  function unpack(packed) {
    if (!Array.isArray(packed)) return packed;
    const [kind, first, second, third] = packed;
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(first);
      case 'bigint':
        return BigInt(first);
      case 'array':
        return first.map(unpack);
      case 'date':
        return new Date(first);
      case 'regexp':
        return new RegExp(first, second);
      case 'map':
        return new Map(first.map(([key, item]) => [unpack(key), unpack(item)]));
      case 'set':
        return new Set(first.map(unpack));
      case 'error':
        return Object.assign(new Error(second), { name: first, stack: third });
      case 'buffer':
        return fromBase64(first).buffer;
      case 'typed': {
        const { buffer } = fromBase64(second);
        const type = typed.find((candidate) => candidate.name === first) ?? DataView;
        return new type(buffer);
      }
      default:
        return Object.fromEntries(first.map(([key, item]) => [key, unpack(item)]));
    }
  }

  return {
    encode: (value) => JSON.stringify(pack(value)),
    decode: (text) => unpack(JSON.parse(text)),
  };
}
