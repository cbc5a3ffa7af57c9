import type {
  PageReader,
  PageRenderer,
  PageText,
  ReadPageRequest,
  RenderedPage,
  RenderPageRequest,
} from '../../core/ports/page-reader.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { ProgramClient } from '../../core/shared/program-client.ts';
import { pageTextSchema, renderedPageSchema } from './protocol.ts';

export interface PageReaderOptions {
  readonly spawner: ProgramSpawner;
  /** Milliseconds for one call, the start of the program included. */
  readonly deadlineMs?: number;
  /** Pages after which the program is started anew (its memory only grows). */
  readonly recycleAfter?: number;
  /** Milliseconds without work after which the program ends. */
  readonly idleMs?: number;
}

/** The client of the program `ocr-worker`. */
export class OcrPageReader implements PageReader, PageRenderer {
  readonly #client: ProgramClient;
  readonly #deadlineMs: number;
  readonly #recycleAfter: number;
  #calls = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PageReaderOptions) {
    this.#client = new ProgramClient(options.spawner, 'ocr-worker', {
      memoryMb: 1024,
      idleMs: options.idleMs ?? 120_000,
    });
    this.#deadlineMs = options.deadlineMs ?? 60_000;
    this.#recycleAfter = options.recycleAfter ?? 200;
  }

  /** Process id of the running program, if any. */
  get pid(): number | undefined {
    return this.#client.pid;
  }

  readPage(request: ReadPageRequest): Promise<PageText> {
    return this.#inTurn(() =>
      this.#client.call('readPage', request, pageTextSchema, { deadlineMs: this.#deadlineMs }),
    );
  }

  renderPage(request: RenderPageRequest): Promise<RenderedPage> {
    return this.#inTurn(() =>
      this.#client.call('render', request, renderedPageSchema, { deadlineMs: this.#deadlineMs }),
    );
  }

  /** Ends the program; a later call starts it again. */
  stop(): void {
    this.#client.stop();
  }

  /** One call at a time, so that a deadline that passes blames the right page. */
  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const run = this.#last.then(() => {
      if (this.#calls >= this.#recycleAfter) {
        this.#client.stop('recycled');
        this.#calls = 0;
      }
      this.#calls++;
      return call();
    });
    this.#last = run.catch(() => undefined);
    return run;
  }
}

/** A reader and renderer of pages in a process of its own; see {@link PageReaderOptions} for the defaults. */
export function createPageReader(options: PageReaderOptions): OcrPageReader {
  return new OcrPageReader(options);
}
