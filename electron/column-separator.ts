/**
 * What stands between the columns of a CSV file that this system's spreadsheets open with a double click: where a comma stands before
 * decimals, as in Vietnam, they take a semicolon (OUR: the rule of Windows' and LibreOffice's defaults). `locale` is a BCP 47 tag.
 */
export function columnSeparator(locale: string): 'comma' | 'semicolon' {
  const parts = new Intl.NumberFormat(Intl.NumberFormat.supportedLocalesOf(locale)).formatToParts(1.5);
  return parts.some(({ type, value }) => type === 'decimal' && value === ',') ? 'semicolon' : 'comma';
}
