import { rm } from 'node:fs/promises';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { RenderedPage } from '../../ports/page-reader.ts';
import type { EngineContext } from '../context.ts';

interface OpenRevision {
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
  /** Of which file and field, and the file that is being cut out or was. */
  #open: { readonly key: string; readonly revision: Promise<OpenRevision> } | undefined;

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
    const open = this.#open;
    this.#open = undefined;
    const revision = await open?.revision.catch(() => undefined);
    if (revision) await rm(revision.path, { force: true });
  }

  async #current(sha256: string): Promise<string> {
    if (!this.#context.documents.file(sha256)) throw new AnThuError('store.object-missing', { sha256 });
    return this.#context.objects.requireIntact(sha256);
  }

  async #signed({ sha256, field }: { sha256: string; field: string }, path: string): Promise<OpenRevision> {
    const key = `${sha256} ${field}`;
    // At once, so that a second question about the same revision waits for the first.
    if (this.#open?.key !== key)
      this.#open = { key, revision: this.close().then(() => this.#cut(path, field)) };
    const open = this.#open;
    try {
      return await open.revision;
    } catch (error) {
      if (this.#open === open) this.#open = undefined;
      throw error;
    }
  }

  async #cut(path: string, field: string): Promise<OpenRevision> {
    const { worker, objects } = this.#context;
    const target = objects.scratchPath('.pdf');
    try {
      const bytes = await worker.extractRevision(path, field, target);
      const { pages } = await worker.inspect(target);
      return { path: target, bytes, pages };
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
