import { useEffect, useState } from 'react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { objectUrl } from '../engine/object-url.ts';
import { openPdf } from './pdf-library.ts';

export type PdfState =
  { readonly state: 'loading' | 'failed' } | { readonly state: 'ready'; readonly pdf: PDFDocumentProxy };

const loading: PdfState = { state: 'loading' };

/** Loads a stored PDF by its hash; gives back what is loaded when another is asked for. */
export function usePdf(sha256: string): PdfState {
  const [loaded, setLoaded] = useState<{ readonly sha256: string; readonly value: PdfState } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let close = (): void => undefined;
    async function load(): Promise<void> {
      const answer = await fetch(objectUrl(sha256), { signal: abort.signal });
      if (!answer.ok) throw new Error(`object: ${answer.status}`);
      const task = openPdf(new Uint8Array(await answer.arrayBuffer()));
      close = () => void task.destroy();
      const pdf = await task.promise;
      if (!abort.signal.aborted) setLoaded({ sha256, value: { state: 'ready', pdf } });
    }
    load().catch(() => {
      if (!abort.signal.aborted) setLoaded({ sha256, value: { state: 'failed' } });
    });
    return () => {
      abort.abort();
      close();
    };
  }, [sha256]);
  return loaded?.sha256 === sha256 ? loaded.value : loading;
}
