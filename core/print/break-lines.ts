/**
 * Breaks a text at blanks into lines that fit; a word longer than a line is cut, behind a slash or hyphen of it where it has one. Line ends in the text are kept. Gives at
 * least one line.
 *
 * @param width of a text, in the unit of `room`
 */
export function breakLines(text: string, width: (part: string) => number, room: number): string[] {
  return text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, width, room));
}

function breakParagraph(text: string, width: (part: string) => number, room: number): string[] {
  const fits = (line: string): boolean => width(line) <= room;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = '';
    for (const character of word) {
      while (line && !fits(line + character)) {
        const cut = Math.max(line.lastIndexOf('/'), line.lastIndexOf('-')) + 1 || line.length;
        lines.push(line.slice(0, cut));
        line = line.slice(cut);
      }
      line += character;
    }
  }
  return [...lines, line];
}
