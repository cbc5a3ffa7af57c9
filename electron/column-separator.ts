/**
 * What stands between the columns of a CSV file that this system's spreadsheets open with a double click: where a comma stands before
 * decimals, as in Vietnam, they take a semicolon (OUR: the rule of Windows' and LibreOffice's defaults). `locale` is what the system
 * calls it: a BCP 47 tag, on some with what is none behind it (`en-US@posix`, `vi-VN@rg=vnzzzz`), or no tag at all (`C`).
 */
export function columnSeparator(locale: string): 'comma' | 'semicolon' {
  const [tag = ''] = locale.split(/[@.]/u);
  const parts = new Intl.NumberFormat(known(tag.replaceAll('_', '-'))).formatToParts(1.5);
  return parts.some(({ type, value }) => type === 'decimal' && value === ',') ? 'semicolon' : 'comma';
}

/** None for what is no tag: then the program's own language counts. */
function known(tag: string): string[] {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag);
  } catch {
    return [];
  }
}
