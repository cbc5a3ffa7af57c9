/** Names that the language, Node or a test driver asks of any object; asking for them is not using Electron. */
const asked = new Set([
  'then',
  'toJSON',
  'inspect',
  'constructor',
  'nodeType',
  'asymmetricMatch',
  '$$typeof',
]);

/**
 * An object that throws when something is read that the stand-in does not imitate, so that product code cannot come to
 * lean on Electron behaviour nobody has tried here.
 *
 * @template {object} T
 * @param {string} name as in Electron's documentation
 * @param {T} target
 * @returns {T}
 */
export function strict(name, target) {
  return new Proxy(target, {
    get(object, key, receiver) {
      if (typeof key === 'symbol' || key in object || asked.has(key)) {
        const value = Reflect.get(object, key, receiver);
        return value;
      }
      throw new Error(`electron-host: ${name}.${key} is not imitated`);
    },
  });
}

/** Throws for an option that the stand-in would silently ignore. */
export function refuseUnknown(name, given, known) {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw new Error(`electron-host: option ${name} { ${key} } is not imitated`);
  }
}
