import type { OcrLine, OcrWord, PixelBox } from '../../core/ports/page-reader.ts';
import type { PageCharacter } from '../raster/pdf-document.ts';

/** Fewer letters than this on the head are not taken for a text layer. */
const fewestLetters = 60;

/** Whether the characters look like a real text layer: enough letters, hardly any without a known code. */
export function isUsableTextLayer(characters: readonly PageCharacter[]): boolean {
  let letters = 0;
  let unknown = 0;
  for (const { text } of characters) {
    if (/\p{L}/u.test(text)) letters++;
    else if (/[\uFFFD\p{Co}\p{Cc}]/u.test(text) && !/\s/.test(text)) unknown++;
  }
  return letters >= fewestLetters && unknown < letters * 0.02;
}

/** Words and lines of a text layer, boxes in pixels at `dpi`, in the order of the file. */
export function linesOfTextLayer(characters: readonly PageCharacter[], dpi: number): OcrLine[] {
  const lines: OcrWord[][] = [];
  let line: OcrWord[] = [];
  let word: PageCharacter[] = [];
  const endWord = () => {
    if (word.length > 0) line.push(toWord(word, dpi));
    word = [];
  };
  const endLine = () => {
    endWord();
    if (line.length > 0) lines.push(line);
    line = [];
  };
  for (const character of characters) {
    if (/[\r\n]/.test(character.text)) {
      endLine();
      continue;
    }
    if (/\s/.test(character.text)) {
      endWord();
      continue;
    }
    const before = word.at(-1);
    if (before) {
      const height = Math.max(before.y1 - before.y0, character.y1 - character.y0, 1);
      if (character.y0 > before.y1 || character.y1 < before.y0) endLine();
      else if (character.x0 - before.x1 > height * 0.6 || character.x1 < before.x0) endWord();
    }
    word.push(character);
  }
  endLine();
  return lines.map((words) => ({
    text: words.map(({ text }) => text).join(' '),
    confidence: 1,
    box: around(words.map(({ box }) => box)),
    words,
  }));
}

function toWord(characters: readonly PageCharacter[], dpi: number): OcrWord {
  const scale = dpi / 72;
  const box = around(characters);
  return {
    text: characters
      .map(({ text }) => text)
      .join('')
      .normalize('NFC'),
    confidence: 1,
    box: { x0: box.x0 * scale, y0: box.y0 * scale, x1: box.x1 * scale, y1: box.y1 * scale },
  };
}

function around(boxes: readonly PixelBox[]): PixelBox {
  return {
    x0: Math.min(...boxes.map((box) => box.x0)),
    y0: Math.min(...boxes.map((box) => box.y0)),
    x1: Math.max(...boxes.map((box) => box.x1)),
    y1: Math.max(...boxes.map((box) => box.y1)),
  };
}
