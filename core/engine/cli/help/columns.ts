const WIDTH = 100;
const INDENT = '  ';
/** Longer names have their line to themselves. */
const WIDEST_NAME = 24;

/** Names with what is said of them, in two columns; both may hold Vietnamese letters. */
export function inColumns(rows: readonly (readonly [name: string, line: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length).filter((length) => length <= WIDEST_NAME));
  const margin = INDENT.length + width + 2;
  return rows.flatMap(([name, line]) => {
    const [first = '', ...more] = wrapped(line, WIDTH - margin).map((part) => ' '.repeat(margin) + part);
    const head = INDENT + name;
    return name.length > width ? [head, first, ...more] : [head + first.slice(head.length), ...more];
  });
}

function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
