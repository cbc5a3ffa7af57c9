const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
/** Control, bidi and zero-width characters, and what Windows forbids in a file name. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu;
const MAX_BYTES = 200;

/**
 * A name from outside made safe to show and to save under on Windows, macOS and Linux: last path part only, no
 * control or bidi characters, no reserved device names, at most 200 bytes with the extension kept.
 */
export function safeFileName(declared: string, fallback: string): string {
  const last = declared.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  let name = last.replace(FORBIDDEN, '_').replace(/^[\s.]+|[\s.]+$/gu, '');
  if (name === '' || RESERVED.test(name)) name = `${fallback}${name === '' ? '' : `-${name}`}`;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 10 ? name.slice(dot) : '';
  let stem = extension ? name.slice(0, dot) : name;
  while (Buffer.byteLength(stem + extension) > MAX_BYTES) stem = [...stem].slice(0, -1).join('');
  return stem + extension;
}
