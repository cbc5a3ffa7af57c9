import type { Warning } from '../contract/common.ts';
import { concernSentence, type SigningConcern } from '../contract/verification-concerns.ts';
import { openPdf } from '../pdf/document.ts';
import { inspectBeforeSigning } from './before-signing.ts';

const shownPages = 5;

/** A concern as a warning: its sentence and the pages it was seen on. */
export function concernWarning({ code, places }: SigningConcern): Warning {
  const pages = [...new Set(places.flatMap(({ page }) => (page === null ? [] : [page + 1])))].sort(
    (a, b) => a - b,
  );
  const more = pages.length > shownPages ? '…' : '';
  const shown = `${pages.slice(0, shownPages).join(', ')}${more}`;
  return { code, message: concernSentence(code, shown, 'vi'), detail: { pages: shown } };
}

/** What a signer should be told about a file, as warnings. Throws what opening a PDF throws. */
export function inspectFileBeforeSigning(path: string, password = ''): Warning[] {
  const pdf = openPdf(path, { password });
  try {
    return inspectBeforeSigning(pdf).map(concernWarning);
  } finally {
    pdf.close();
  }
}
