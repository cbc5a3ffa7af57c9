/** The keys of a command, e.g. `Ctrl+Enter`, `Alt+ArrowDown`, `F1`. `Ctrl` also means ⌘. */
export type Chord = string;

/** What {@link chordMatches} reads of a keyboard event. */
export interface KeyPress {
  readonly key: string;
  readonly code?: string;
  readonly keyCode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
}

/** True while an input method (Telex, VNI) is composing: such a key belongs to the text, never to a command. */
export function isComposing(press: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return press.isComposing || press.keyCode === 229;
}

/** Whether a key press is the chord. Never true during composition. */
export function chordMatches(chord: Chord, press: KeyPress): boolean {
  if (isComposing(press)) return false;
  const parts = chord.split('+');
  const key = parts.at(-1)!;
  const ctrl = press.ctrlKey || press.metaKey;
  return (
    sameKey(key, press) &&
    ctrl === parts.includes('Ctrl') &&
    press.altKey === parts.includes('Alt') &&
    press.shiftKey === parts.includes('Shift')
  );
}

/** Alt changes the character on some layouts, so digits and letters are also known by their place. */
function sameKey(key: string, press: KeyPress): boolean {
  if (press.key.toLowerCase() === key.toLowerCase()) return true;
  if (/^\d$/.test(key)) return press.code === `Digit${key}`;
  return /^[A-Z]$/.test(key) && press.code === `Key${key}`;
}

/** A chord that cannot be typed as text: with Ctrl or Alt, or a function key. */
export function isSafeChord(chord: Chord): boolean {
  return /^(Ctrl|Alt)\+/.test(chord) || /^(Shift\+)?F\d{1,2}$/.test(chord);
}

const keyNames: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→' };

/** The single keys of a chord, as printed on the keyboard. */
export function chordKeys(chord: Chord): string[] {
  return chord.split('+').map((part) => keyNames[part] ?? part);
}
