/** Names of the glyphs that stand for no letter, as fonts of office programs use them. */
const names: Readonly<Record<string, string>> = {
  space: ' ', nbspace: ' ', exclam: '!', quotedbl: '"', numbersign: '#', dollar: '$', percent: '%', ampersand: '&',
  quotesingle: "'", parenleft: '(', parenright: ')', asterisk: '*', plus: '+', comma: ',', hyphen: '-', minus: '−',
  period: '.', slash: '/', zero: '0', one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7',
  eight: '8', nine: '9', colon: ':', semicolon: ';', less: '<', equal: '=', greater: '>', question: '?', at: '@',
  bracketleft: '[', backslash: '\\', bracketright: ']', asciicircum: '^', underscore: '_', grave: '`', braceleft: '{',
  bar: '|', braceright: '}', asciitilde: '~', quoteleft: '‘', quoteright: '’', quotedblleft: '“', quotedblright: '”',
  endash: '–', emdash: '—', bullet: '•', ellipsis: '…', degree: '°', section: '§', Dcroat: 'Đ', dcroat: 'đ', dong: '₫',
}; // prettier-ignore

/** Accents in the order Vietnamese glyph names have them. */
const accents: Readonly<Record<string, string>> = {
  circumflex: '\u0302', breve: '\u0306', horn: '\u031b', dieresis: '\u0308', tilde: '\u0303', acute: '\u0301',
  grave: '\u0300', hookabove: '\u0309', dotbelow: '\u0323', cedilla: '\u0327', caron: '\u030c', ring: '\u030a',
}; // prettier-ignore

const accented = new RegExp(`^([A-Za-z])((?:${Object.keys(accents).join('|')})+)$`);

/** The text of a glyph by its name (Adobe's naming: `one`, `Acircumflexacute`, `uni1EA4`); undefined when unknown. */
export function glyphText(name: string): string | undefined {
  if (/^[A-Za-z]$/.test(name)) return name;
  const known = Object.hasOwn(names, name) ? names[name] : undefined;
  if (known !== undefined) return known;
  const [, digits] = /^(?:uni((?:[0-9A-F]{4})))$/.exec(name) ?? /^u([0-9A-F]{4,6})$/.exec(name) ?? [];
  if (digits !== undefined) {
    const point = Number.parseInt(digits, 16);
    return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : undefined;
  }
  const [, base, marks] = accented.exec(name) ?? [];
  if (base === undefined || marks === undefined) return undefined;
  const written = marks.replaceAll(
    new RegExp(Object.keys(accents).join('|'), 'g'),
    (mark) => accents[mark] ?? '',
  );
  return `${base}${written}`.normalize('NFC');
}
