import { useEffect, useRef, type ReactNode } from 'react';
import { IconFileBroken } from '@tabler/icons-react';
import type { PageBox } from '../../core/contract/reading.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageBar } from './page-bar.tsx';
import { PageCanvas } from './page-canvas.tsx';
import { useElementWidth } from './use-element-width.ts';
import { usePageControls } from './use-page-controls.ts';
import { usePdf } from './use-pdf.ts';
import './pages.css';

/** Space around the page, both sides, with room for a scroll bar. */
const margins = 42;

interface Props {
  readonly sha256: string;
  /** Place to mark; its page is shown. */
  readonly box?: PageBox | undefined;
  /** Called when a page stands on the screen (or cannot be shown). */
  readonly onShown: () => void;
  /** Stands at the right of the bar. */
  readonly children?: ReactNode;
}

/** The pages of a stored PDF, one at a time. */
export function PagesView({ sha256, box, onShown, children }: Props) {
  const t = useMessages();
  const pdf = usePdf(sha256);
  const scroll = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroll);
  const controls = usePageControls(pdf.state === 'ready' ? pdf.pdf.numPages : 1);
  const { show } = controls;
  const shown = useRef(onShown);
  useEffect(() => {
    shown.current = onShown;
  });
  useEffect(() => {
    if (pdf.state === 'failed') shown.current();
  }, [pdf.state]);
  useEffect(() => {
    if (box) show(box.page);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a new place turns the page
  }, [box]);

  return (
    <div className="pages">
      <PageBar controls={controls}>{children}</PageBar>
      <div className="pages-scroll" ref={scroll} tabIndex={0} role="region" aria-label={t('pages.label')}>
        {pdf.state === 'loading' && <Loading />}
        {pdf.state === 'failed' && (
          <Empty icon={IconFileBroken} title={t('pages.failed')}>
            {t('pages.failed-text')}
          </Empty>
        )}
        {pdf.state === 'ready' && width > 0 && (
          <PageCanvas
            pdf={pdf.pdf}
            page={Math.min(controls.page, pdf.pdf.numPages - 1)}
            width={Math.max(200, Math.round((width - margins) * controls.zoom))}
            box={box}
            onDrawn={onShown}
          />
        )}
      </div>
    </div>
  );
}
