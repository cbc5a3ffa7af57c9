import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask } from 'pdfjs-dist';

GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href;

/** Folder of pdf.js's own fonts and decoders, put beside the page by the build. */
const parts = new URL('pdfjs/', document.baseURI).href;

/** Opens a stored PDF for showing. Scripts in it never run; nothing is fetched but the file and local parts. */
export function openPdf(bytes: Uint8Array): PDFDocumentLoadingTask {
  return getDocument({
    data: bytes,
    standardFontDataUrl: `${parts}standard_fonts/`,
    cMapUrl: `${parts}cmaps/`,
    cMapPacked: true,
    wasmUrl: `${parts}wasm/`,
    iccUrl: `${parts}iccs/`,
    useWorkerFetch: false,
    enableXfa: false,
    verbosity: 0,
  });
}
