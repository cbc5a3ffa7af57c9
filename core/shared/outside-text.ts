/**
 * Control characters, line ends, marks without width and marks that turn the direction of text: in a name they cut it, hide
 * parts, show it backwards, or drive a terminal.
 */
const deceiving =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text from outside (a name in a certificate, of a field) as it may be shown: what deceives becomes the sign for a blank. */
export function showOutsideText(text: string): string {
  return text.replaceAll(deceiving, '\u2423');
}
