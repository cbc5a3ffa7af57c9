import { rm } from 'node:fs/promises';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { RenderedPage } from '../../ports/page-reader.ts';
import type { EngineContext } from '../context.ts';

interface OpenRevision {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  readonly pages: number;
}

/**
 * The signed revision of a stored file beside the current one. The revision is cut out by the document worker into a
 * scratch file, one at a time, and both are drawn by the page renderer: what the page shows is a picture, never the file.
 */
export class Revisions {
  readonly #context: EngineContext;
  #open: Promise<OpenRevision> | undefined;
  #key = '';

  constructor(context: EngineContext) {
    this.#context = context;
  }

  async open(input: ParsedInput<'revision.open'>): Promise<ProcedureOutput<'revision.open'>> {
    const path = await this.#current(input.sha256);
    const signed = await this.#signed(input, path);
    const current = await this.#context.worker.inspect(path);
    const file = this.#context.documents.file(input.sha256);
    return {
      signedPages: signed.pages,
      currentPages: current.pages,
      signedBytes: signed.bytes,
      currentBytes: file?.bytes ?? signed.bytes,
    };
  }

  async page(input: ParsedInput<'revision.page'>): Promise<ProcedureOutput<'revision.page'>> {
    const path = await this.#current(input.sha256);
    const signed = await this.#signed(input, path);
    const [before, now] = [await this.#draw(signed.path, input), await this.#draw(path, input)];
    const same = before && now && Buffer.compare(Buffer.from(before.bytes), Buffer.from(now.bytes)) === 0;
    return { signed: picture(before), current: picture(now), differs: !same };
  }

  async close(): Promise<void> {
    const open = await this.#open?.catch(() => undefined);
    if (open) await rm(open.path, { force: true });
    this.#open = undefined;
    this.#key = '';
  }

  async #current(sha256: string): Promise<string> {
    if (!this.#context.documents.file(sha256)) throw new AnThuError('store.object-missing', { sha256 });
    return this.#context.objects.requireIntact(sha256);
  }

  async #signed({ sha256, field }: { sha256: string; field: string }, path: string): Promise<OpenRevision> {
    const key = `${sha256} ${field}`;
    if (!this.#open || this.#key !== key) {
      await this.close();
      this.#key = key;
      this.#open = this.#cut(key, path, field);
    }
    try {
      return await this.#open;
    } catch (error) {
      this.#open = undefined;
      throw error;
    }
  }

  async #cut(key: string, path: string, field: string): Promise<OpenRevision> {
    const { worker, objects } = this.#context;
    const target = objects.scratchPath('.pdf');
    try {
      const bytes = await worker.extractRevision(path, field, target);
      const { pages } = await worker.inspect(target);
      return { key, path: target, bytes, pages };
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    }
  }

  /** Undefined where there is no such page. */
  async #draw(
    pdfPath: string,
    { page, dpi }: { page: number; dpi: number },
  ): Promise<RenderedPage | undefined> {
    const { reader, worker } = this.#context;
    if (!reader.renderPage) throw new AnThuError('general.defect', { reason: 'no page renderer' });
    const { pages } = await worker.inspect(pdfPath);
    return page < pages ? reader.renderPage({ pdfPath, page, dpi, format: 'png' }) : undefined;
  }
}

function picture(rendered: RenderedPage | undefined) {
  if (!rendered) return null;
  const { width, height, bytes } = rendered;
  return { width, height, png: Buffer.from(bytes).toString('base64') };
}
