const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/iu;
/** Control characters, line and paragraph separators, and all format characters: bidi, zero-width, soft hyphen … */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Not allowed in names on Windows. */
const FORBIDDEN = /[<>:"|?*]/gu;
/** Leaves room for what is put behind a name (`.part`, a number) on file systems that end at 255 bytes. */
const MAX_BYTES = 200;

/**
 * A file's name for the eye: NFC, and every control, bidi or invisible character shown as `�`, so that a
 * right-to-left override cannot make a program pose as a PDF. The name itself is kept elsewhere, as data.
 */
export function displayName(name: string): string {
  return name.normalize('NFC').replace(INVISIBLE, '\ufffd');
}

/**
 * A name from outside made safe to save under on Windows, macOS and Linux: last path part only, NFC, without control,
 * bidi and Windows-forbidden characters, no reserved device name whatever its ending, no dot at the start, no dot or space
 * at the end, at most 200 bytes of UTF-8 with the extension kept. Never empty, never `.` or `..`. Wine and Linux take
 * names that Windows refuses (findings/windows.md), so this rule, not the system, decides.
 *
 * @param fallback name used when nothing is left, itself safe
 */
export function safeFileName(name: string, fallback = 'khong-ten'): string {
  const last = name.normalize('NFC').split(/[/\\]/u).at(-1) ?? '';
  const cleaned = last
    .replace(INVISIBLE, '_')
    .replace(FORBIDDEN, '_')
    .replace(/\p{Surrogate}/gu, '_')
    .replace(/^[\s.]+|[\s.]+$/gu, '');
  const named = cleaned || fallback;
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
  return `${stem.replace(/[\s.]+$/u, '')}${extension}`;
}
