/** Control characters and bidirectional overrides, which could make a name look like another. */
// oxlint-disable-next-line no-control-regex
const deceiving = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A file name as it may be shown: what cannot be seen becomes a visible mark. */
export function showFileName(name: string): string {
  return name.replace(deceiving, '\u2423');
}
