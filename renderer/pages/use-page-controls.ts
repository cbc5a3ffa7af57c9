import { useState } from 'react';
import { useCommands } from '../commands/use-commands.ts';

export interface PageControls {
  /** Zero-based. */
  readonly page: number;
  readonly pages: number;
  /** 1 = as wide as the place given. */
  readonly zoom: number;
  readonly show: (page: number) => void;
  readonly previous: () => void;
  readonly next: () => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly fitWidth: () => void;
}

const step = 1.25;
const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** Which page is shown and how large, with its keys. */
export function usePageControls(pages: number): PageControls {
  const [page, setPage] = useState(0);
  const [zoom, setZoom] = useState(1);
  const show = (wanted: number) => setPage(clamp(wanted, 0, Math.max(pages - 1, 0)));
  const controls: PageControls = {
    page,
    pages,
    zoom,
    show,
    previous: () => show(page - 1),
    next: () => show(page + 1),
    zoomIn: () => setZoom(clamp(zoom * step, 0.5, 4)),
    zoomOut: () => setZoom(clamp(zoom / step, 0.5, 4)),
    fitWidth: () => setZoom(1),
  };
  useCommands([
    { id: 'page-next', title: 'pages.next', group: 'page', chord: 'Alt+PageDown', run: controls.next },
    {
      id: 'page-previous',
      title: 'pages.previous',
      group: 'page',
      chord: 'Alt+PageUp',
      run: controls.previous,
    },
    { id: 'zoom-in', title: 'pages.zoom-in', group: 'page', chord: 'Ctrl+=', run: controls.zoomIn },
    { id: 'zoom-out', title: 'pages.zoom-out', group: 'page', chord: 'Ctrl+-', run: controls.zoomOut },
    { id: 'zoom-fit', title: 'pages.fit-width', group: 'page', chord: 'Ctrl+0', run: controls.fitWidth },
  ]);
  return controls;
}
