import type { PageBox } from '../contract/reading.ts';
import type { PageText, PixelBox } from '../ports/page-reader.ts';

/** A box of the reading as shares of the page as it was scanned (the straightening undone). */
export function toPageBox(page: PageText, box: PixelBox): PageBox {
  const angle = ((page.skew ?? 0) * Math.PI) / 180;
  const centreX = page.pageWidth / 2;
  const centreY = (page.pageHeight * page.fraction) / 2;
  const dx = (box.x0 + box.x1) / 2 - centreX;
  const dy = (box.y0 + box.y1) / 2 - centreY;
  const x = centreX + dx * Math.cos(angle) - dy * Math.sin(angle) - (box.x1 - box.x0) / 2;
  const y = centreY + dx * Math.sin(angle) + dy * Math.cos(angle) - (box.y1 - box.y0) / 2;
  const share = (value: number, of: number) => Math.round(Math.min(1, Math.max(0, value / of)) * 1e4) / 1e4;
  const left = share(x, page.pageWidth);
  const top = share(y, page.pageHeight);
  return {
    page: page.page,
    x: left,
    y: top,
    w: Math.min(share(box.x1 - box.x0, page.pageWidth), 1 - left),
    h: Math.min(share(box.y1 - box.y0, page.pageHeight), 1 - top),
  };
}
