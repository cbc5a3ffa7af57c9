import { useEffect, useRef, useState } from 'react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { PageBox } from '../../core/contract/reading.ts';
import { useMessages } from '../i18n/use-messages.ts';

interface Props {
  readonly pdf: PDFDocumentProxy;
  /** Zero-based. */
  readonly page: number;
  /** Width of the page on the screen in CSS pixels. */
  readonly width: number;
  readonly box?: PageBox | undefined;
  readonly onDrawn: () => void;
}

/** Called once for each place that is marked. */
function bringIntoView(mark: HTMLElement | null): void {
  mark?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** One page drawn by pdf.js, with the place of a field marked on it. */
export function PageCanvas({ pdf, page, width, box, onDrawn }: Props) {
  const t = useMessages();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(onDrawn);
  const [height, setHeight] = useState(width * Math.SQRT2);
  useEffect(() => {
    drawn.current = onDrawn;
  });

  useEffect(() => {
    let stop = (): void => undefined;
    let stopped = false;
    async function draw(): Promise<void> {
      const sheet = await pdf.getPage(page + 1);
      const element = canvas.current;
      if (stopped || !element) return;
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const viewport = sheet.getViewport({ scale: width / sheet.getViewport({ scale: 1 }).width });
      const target = document.createElement('canvas');
      target.width = Math.round(viewport.width * ratio);
      target.height = Math.round(viewport.height * ratio);
      const task = sheet.render({ canvas: target, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
      stop = () => task.cancel();
      await task.promise;
      if (stopped) return;
      // Drawn aside and put up at once, so that the page does not flicker while zooming.
      element.width = target.width;
      element.height = target.height;
      element.getContext('2d')?.drawImage(target, 0, 0);
      setHeight(viewport.height);
      drawn.current();
    }
    draw().catch(() => undefined);
    return () => {
      stopped = true;
      stop();
    };
  }, [pdf, page, width]);

  return (
    <div className="page-sheet" style={{ width, height }}>
      <canvas
        ref={canvas}
        style={{ width, height }}
        role="img"
        aria-label={t('pages.page-of', { page: page + 1, pages: pdf.numPages })}
      />
      {box && box.page === page && (
        <div
          key={`${box.x} ${box.y}`}
          ref={bringIntoView}
          className="page-box"
          style={{
            left: `calc(${box.x * 100}% - 4px)`,
            top: `calc(${box.y * 100}% - 3px)`,
            width: `calc(${box.w * 100}% + 8px)`,
            height: `calc(${box.h * 100}% + 6px)`,
          }}
        />
      )}
    </div>
  );
}
