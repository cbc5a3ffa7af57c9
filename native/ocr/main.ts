import { programMethod, serveProgram } from '../../core/shared/program-server.ts';
import { readPageRequestSchema, renderPageRequestSchema } from './protocol.ts';
import { readPage, renderPage } from './read-page.ts';
import { Recogniser } from './recogniser.ts';

// The program `ocr-worker`: reads and renders pages of files from outside, in a process that may be killed.

/** Nothing here ever needs the network; whatever tried would fail at once. */
globalThis.fetch = () => Promise.reject(new Error('the reading program has no network'));

const recogniser = new Recogniser();

serveProgram({
  readPage: programMethod(readPageRequestSchema, (request) => readPage(recogniser, request)),
  render: programMethod(renderPageRequestSchema, renderPage),
});
