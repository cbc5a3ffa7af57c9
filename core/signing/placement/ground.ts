import type { PdfDocument } from '../../pdf/document.ts';
import { walkPages } from '../../pdf/pages.ts';
import type { SignatureAppearance } from '../appearance/look-schema.ts';
import { pageNumbered, visibleFields, type NumberedPage } from './other-fields.ts';
import { leaderField, type Ground } from './plan-look.ts';

/**
 * The page on which a look goes, and its fields: text looks and the stamp on the first page, a leader's picture on the
 * last, a seal where the leader's picture is. Throws `signing.no-such-page`, `pdf.*`.
 */
export function groundOf(pdf: PdfDocument, look: Exclude<SignatureAppearance, { kind: 'none' }>): Ground {
  const page = pageOf(pdf, look);
  return { pdf, page, fields: visibleFields(pdf, page.page) };
}

function pageOf(pdf: PdfDocument, look: Exclude<SignatureAppearance, { kind: 'none' }>): NumberedPage {
  const wanted = look.place?.page;
  if (wanted !== undefined) return pageNumbered(pdf, wanted);
  if (look.kind === 'leader') return pageNumbered(pdf, 'last');
  if (look.kind === 'agency-seal') return leaderPage(pdf) ?? pageNumbered(pdf, 'last');
  return pageNumbered(pdf, 1);
}

/** The last page that bears a picture of a signature. */
function leaderPage(pdf: PdfDocument): NumberedPage | undefined {
  let found: NumberedPage | undefined;
  let number = 0;
  for (const page of walkPages(pdf)) {
    number++;
    if (leaderField({ fields: visibleFields(pdf, page) })) found = { number, page };
  }
  return found;
}
