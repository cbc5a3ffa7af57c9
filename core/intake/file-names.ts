const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/iu;
/** Control characters, line and paragraph separators, and all format characters: bidi, zero-width, soft hyphen … */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Not allowed in names on Windows, and the separators of every system. */
const FORBIDDEN = /[<>:"/\\|?*]/gu;
const MAX_BYTES = 255;

/**
 * A file's name for the eye: NFC, and every control, bidi or invisible character shown as `�`, so that a
 * right-to-left override cannot make a program pose as a PDF. The name itself is kept elsewhere, as data.
 */
export function displayName(name: string): string {
  return name.normalize('NFC').replace(INVISIBLE, '\ufffd');
}

/**
 * A name that every file system takes, made from any name: NFC, without control, bidi and Windows-forbidden
 * characters, no reserved device name, no trailing dot or space, at most 255 bytes of UTF-8 with the extension
 * kept. Never empty, never `.` or `..`.
 */
export function safeFileName(name: string): string {
  const cleaned = name
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(FORBIDDEN, '_')
    .replace(/\p{Surrogate}/gu, '_')
    .trim()
    .replace(/[. ]+$/u, '');
  const named = cleaned.replace(/^\.+/u, '') || 'khong-ten';
  // Windows reserves the device names whatever extension follows.
  const stem = named.split('.', 1)[0]?.trim() ?? '';
  return shorten(RESERVED.test(stem) ? `_${named}` : named);
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const extension = /\.[^.]{1,10}$/u.exec(name)?.[0] ?? '';
  let stem = '';
  let room = MAX_BYTES - Buffer.byteLength(extension);
  for (const { segment } of new Intl.Segmenter('vi').segment(name.slice(0, name.length - extension.length))) {
    room -= Buffer.byteLength(segment);
    if (room < 0) break;
    stem += segment;
  }
  return `${stem.replace(/[. ]+$/u, '')}${extension}`;
}
