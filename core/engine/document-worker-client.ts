import { z } from 'zod';
import { warningSchema, type Warning } from '../contract/common.ts';
import { fileReportSchema, type FileReport } from '../contract/verification.ts';
import { conversionSchema, type Conversion, type ConvertToPdfOptions } from '../intake/conversion.ts';
import { pdfInspectionSchema, type PdfInspection } from '../pdf/inspect.ts';
import type { RenderedPage } from '../ports/page-reader.ts';
import type { ProgramSpawner } from '../ports/program-spawner.ts';
import type { BookRequest } from '../register/book/book-program.ts';
import { lookPlaceSchema } from '../signing/appearance/look-schema.ts';
import { raisedFileSchema, type RaisedFile } from '../signing/extended-pdf.ts';
import type { PadesLevel } from '../signing/levels.ts';
import { AnThuError } from '../shared/errors.ts';
import { ProgramClient } from '../shared/program-client.ts';
import {
  embeddedSignatureSchema,
  preparedSignatureSchema,
  type EmbeddedSignature,
  type PreparedSignature,
  type PrepareSignatureOptions,
} from '../signing/prepared-signature.ts';
import { limitReport } from '../package-verification/limit-report.ts';
import type { SheetContext } from '../verification/report-pdf/verification-sheet.ts';
import type { VerificationOptions } from '../verification/verification-options.ts';
import { parsedEdxmlSchema, type EdxmlPackage, type EdxmlStatus } from '../sync/edxml/types.ts';

const blockPlacementSchema = z.object({
  appearance: z.object({ place: lookPlaceSchema.optional() }),
  warnings: z.array(warningSchema),
});
export type BlockPlacement = z.infer<typeof blockPlacementSchema>;

/** Where trust is read from: PEM files or folders. */
export interface TrustPaths {
  readonly anchors: readonly string[];
  readonly tsaAnchors: readonly string[];
  readonly certificates: readonly string[];
}

/** A signed file to raise to a level; without a TSA the timestamp stays pending. */
export interface ExtendRequest {
  readonly inputPath: string;
  readonly outputPath: string;
  readonly level: Exclude<PadesLevel, 'B-B'>;
  readonly tsa: { readonly url: string; readonly deadlineMs: number } | null;
  readonly trust: TrustPaths;
}

/** How a PDF of ours is judged. */
export interface JudgingOptions {
  /** `given` (default) looks for the revocation state in the data at hand alone, `ask` asks responders and lists as well. */
  readonly revocation?: 'given' | 'ask';
  /** What must bear the signatures of an issued document; default `any`. */
  readonly expects?: 'issued-document' | 'any';
  /** Since when our own register had the file. */
  readonly registeredAt?: Date | undefined;
}

/** A file to judge, PDF or edXML package, with everything the judgement rests on. */
export interface VerifyFileRequest {
  readonly path: string;
  readonly trust: TrustPaths;
  /** Files of revocation lists, PEM or DER. */
  readonly lists: readonly string[];
  readonly revocation: NonNullable<VerificationOptions['revocation']>;
  /** ISO 8601. */
  readonly now: string;
  readonly at?: string;
  readonly password?: string;
}

const DEADLINE_MS = 120_000;
/** A year of a large office is ten thousand entries and takes some seconds. */
const BOOK_DEADLINE_MS = 600_000;
/** A clerk looks at a proposal for some minutes; the signature that follows should find the worker warm. */
const IDLE_MS = 300_000;
const MEMORY_MB = 512;

/**
 * Everything that parses files from outside, in a process of its own under caps: a hostile file can kill the
 * worker and nothing else. Paths go in, values come out.
 */
export class DocumentWorker {
  readonly #client: ProgramClient;
  readonly #deadline: { readonly deadlineMs: number };

  constructor(spawner: ProgramSpawner, options: { deadlineMs?: number } = {}) {
    this.#client = new ProgramClient(spawner, 'document-worker', { memoryMb: MEMORY_MB, idleMs: IDLE_MS });
    this.#deadline = { deadlineMs: options.deadlineMs ?? DEADLINE_MS };
  }

  get pid(): number | undefined {
    return this.#client.pid;
  }

  /**
   * Starts the worker, if it does not run, and lets it draw and hash once for nothing in `folder`: loading its parts
   * takes several hundred milliseconds that the first letter should not wait for. Never fails.
   */
  warmUp(folder: string): void {
    if (this.pid !== undefined) return;
    this.#client.call('warm-up', { folder }, z.null(), this.#deadline).catch(() => undefined);
  }

  inspect(path: string): Promise<PdfInspection> {
    return this.#client.call('inspect', { path }, pdfInspectionSchema, this.#deadline);
  }

  convert(options: ConvertToPdfOptions): Promise<Conversion> {
    return this.#client.call('convert', options, conversionSchema, this.#deadline);
  }

  /** Finds a place for the agency's block on page 1, and for the stamp ĐẾN, given its picture at `INK_DPI`. */
  placeBlock(request: {
    readonly pdfPath: string;
    readonly agencyName: string;
    readonly picture: RenderedPage;
    readonly look: 'digitized-arrival' | 'arrival-stamp';
  }): Promise<BlockPlacement> {
    return this.#client.call('place-block', request, blockPlacementSchema, this.#deadline);
  }

  prepareSignature(options: PrepareSignatureOptions): Promise<PreparedSignature> {
    return this.#client.call('prepare-signature', options, preparedSignatureSchema, this.#deadline);
  }

  embedSignature(prepared: PreparedSignature, cms: Uint8Array): Promise<EmbeddedSignature> {
    const cmsBase64 = Buffer.from(cms).toString('base64');
    return this.#client.call(
      'embed-signature',
      { prepared, cmsBase64 },
      embeddedSignatureSchema,
      this.#deadline,
    );
  }

  /** Raises a signed file's level in a new file, asking TSA and responders; what is away costs the level. */
  extend(request: ExtendRequest): Promise<RaisedFile> {
    return this.#client.call('extend', request, raisedFileSchema, this.#deadline);
  }

  verify(
    path: string,
    trust: TrustPaths,
    now: Date,
    { revocation = 'given', expects = 'any', registeredAt }: JudgingOptions = {},
  ): Promise<FileReport> {
    return this.#client.call(
      'verify',
      { path, trust, now: now.toISOString(), revocation, expects, registeredAt: registeredAt?.toISOString() },
      fileReportSchema,
      this.#deadline,
    );
  }

  /** Like {@link verify}, but a file that passes the worker's caps is reported as undecided, with the reason. */
  async judge(...call: Parameters<DocumentWorker['verify']>): Promise<FileReport> {
    return await this.verify(...call).catch((error: unknown) => reportOfCap(call[0], error));
  }

  /**
   * Judges a PDF, or a package and each PDF in it. A file that passes the worker's caps is reported as undecided. Throws
   * `general.no-such-input` and what cannot be read of the trust files.
   */
  async verifyFile(request: VerifyFileRequest): Promise<FileReport[]> {
    return await this.#client
      .call('verify-file', request, z.array(fileReportSchema), this.#deadline)
      .catch((error: unknown) => [reportOfCap(request.path, error)]);
  }

  /** What a signer should be told about a PDF before signing it. */
  inspectBeforeSigning(path: string): Promise<Warning[]> {
    return this.#client.call('inspect-before-signing', { path }, z.array(warningSchema), this.#deadline);
  }

  /** Writes the file as it was when one of its signatures was made; gives its size. */
  extractRevision(path: string, field: string, outputPath: string): Promise<number> {
    return this.#client.call(
      'extract-revision',
      { path, field, outputPath },
      z.number().int(),
      this.#deadline,
    );
  }

  /**
   * The XML signatures of an edXML package, asking responders and lists. A package that passes the worker's caps is reported
   * as undecided, with the reason.
   */
  async judgePackage(path: string, trust: TrustPaths, now: Date): Promise<FileReport> {
    return await this.#client
      .call(
        'verify-package',
        { path, trust, now: now.toISOString(), revocation: 'ask' },
        fileReportSchema,
        this.#deadline,
      )
      .catch((error: unknown) => reportOfCap(path, error));
  }

  /** Draws the printable sheet over judgements; base64 of the PDF. */
  drawSheet(files: readonly FileReport[], context: SheetContext): Promise<string> {
    const request = { files, checkedAt: context.checkedAt.toISOString(), software: context.software };
    return this.#client.call('draw-sheet', request, z.base64(), this.#deadline);
  }

  /** Prints a book of the register from a file of its entries; gives its pages. */
  printBook(request: BookRequest): Promise<{ pages: number }> {
    const pagesSchema = z.object({ pages: z.number().int() });
    return this.#client.call('print-book', request, pagesSchema, { deadlineMs: BOOK_DEADLINE_MS });
  }

  parseEdxml(path: string, outDir: string): Promise<EdxmlPackage | EdxmlStatus> {
    return this.#client.call('parse-edxml', { path, outDir }, parsedEdxmlSchema, this.#deadline);
  }

  close(): void {
    this.#client.stop('closed');
  }
}

/** The worker was killed over a file, or died of it: that is said, never passed over. Other errors are thrown on. */
function reportOfCap(path: string, error: unknown): FileReport {
  const isCap =
    error instanceof AnThuError &&
    (error.code === 'general.program-timeout' || error.code === 'general.program-died');
  if (isCap) return limitReport(path, error);
  throw error;
}
