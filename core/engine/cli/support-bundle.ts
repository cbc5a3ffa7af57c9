/** Fields whose value leaves the machine under no circumstances, whatever they hold. */
const secretNames = /pin|password|secret|token_?key|authorization|cookie|private/i;
/** Fields whose name sounds like it but that hold no secret. */
const harmless = new Set(['pinState', 'pinLength', 'pinPad', 'loginRequired']);

/**
 * A copy of plain data for support: fields that may hold a secret are left out, PINs and passwords inside addresses too, the
 * certificates' bytes (their names and dates stay), and the person's home folder is written as `~`.
 */
export function withoutSecrets(value: unknown, home: string): unknown {
  if (typeof value === 'string') return cleaned(value, home);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, home));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'der' && (harmless.has(name) || !secretNames.test(name)))
      .map(([name, item]) => [name, withoutSecrets(item, home)]),
  );
}

function cleaned(text: string, home: string): string {
  return text
    .replaceAll(home, '~')
    .replace(/(pin-(?:value|source)=)[^&;]*/gi, '$1…')
    .replace(/(\/\/)[^/@\s]*@/g, '$1');
}
