import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileReportSchema } from '../../contract/verification.ts';
import { convertToPdfOptionsSchema } from '../../intake/conversion.ts';
import { convertToPdf } from '../../intake/to-pdf.ts';
import { inspectPdf } from '../../pdf/inspect.ts';
import { bookRequestSchema, printBookFile } from '../../register/book/book-program.ts';
import { vietnamIso } from '../../shared/clock.ts';
import { programMethod, serveProgram } from '../../shared/program-server.ts';
import { extendPdf } from '../../signing/extend-pdf.ts';
import { embedSignature } from '../../signing/embed.ts';
import { prepareSignature } from '../../signing/prepare.ts';
import { resolvePlacement } from '../../signing/placement/resolve-placement.ts';
import { preparedSignatureSchema, prepareSignatureOptionsSchema } from '../../signing/prepared-signature.ts';
import { electronParentPort } from '../../shared/parent-port.ts';
import { askMainForProxies } from '../../shared/proxy-question.ts';
import { renderedPageSchema } from '../rendered-page.ts';
import { parseEdxmlFile } from '../../sync/edxml/index.ts';
import { loadAnchors, loadCertificates } from '../../trust/anchors.ts';
import { loadLists } from '../../trust/list-files.ts';
import { verifyPackage } from '../../package-verification/verify-package.ts';
import { looksLikePackage, verifyPackageFile } from '../../package-verification/verify-package-file.ts';
import { inspectFileBeforeSigning } from '../../verification/concern-warnings.ts';
import { extractSignedRevision } from '../../verification/extract-revision.ts';
import { verifyPdf, type VerificationOptions } from '../../verification/verify-pdf.ts';

/** The smallest page, for {@link warmUp}. */
const blankPdf = [
  '%PDF-1.7\n',
  '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n',
  '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n',
  '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>\nendobj\n',
];

function blankPage(): string {
  let text = '';
  const offsets = blankPdf.map((part) => {
    const at = text.length;
    text += part;
    return String(at).padStart(10, '0');
  });
  const entries = offsets.slice(1).map((at) => `${at} 00000 n \n`);
  const table = `xref\n0 4\n0000000000 65535 f \n${entries.join('')}`;
  return `${text}${table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
}

/** Draws a signature's block on a blank page, which loads and compiles what a real one needs. */
async function warmUp(folder: string): Promise<null> {
  const inside = await mkdtemp(join(folder, 'warm-up-'));
  try {
    const inputPath = join(inside, 'blank.pdf');
    await writeFile(inputPath, blankPage());
    await inspectPdf(inputPath);
    await prepareSignature(
      prepareSignatureOptionsSchema.parse({
        inputPath,
        partPath: join(inside, 'signed.pdf'),
        signingTime: vietnamIso(new Date()),
        appearance: { kind: 'digitized-arrival', agencyName: 'Ủy ban nhân dân' },
      }),
    );
  } finally {
    await rm(inside, { recursive: true, force: true });
  }
  return null;
}

const port = electronParentPort();
if (port) askMainForProxies(port);

const paths = z.array(z.string());
const trustSchema = z.object({ anchors: paths, tsaAnchors: paths, certificates: paths });

async function trustOf({ anchors, tsaAnchors, certificates }: z.infer<typeof trustSchema>) {
  return {
    anchors: await loadAnchors(anchors, 'signature'),
    tsaAnchors: await loadAnchors(tsaAnchors, 'timestamp'),
    extraCertificates: await loadCertificates(certificates),
  };
}

serveProgram({
  'warm-up': programMethod(z.object({ folder: z.string() }), ({ folder }) => warmUp(folder)),
  inspect: programMethod(z.object({ path: z.string() }), ({ path }) => inspectPdf(path)),
  convert: programMethod(convertToPdfOptionsSchema, (options) => convertToPdf(options)),
  'place-block': programMethod(
    z.object({
      pdfPath: z.string(),
      agencyName: z.string(),
      picture: renderedPageSchema,
      look: z.enum(['digitized-arrival', 'arrival-stamp']),
    }),
    ({ picture, agencyName, pdfPath, look }) =>
      resolvePlacement({
        pdfPath,
        appearance:
          look === 'arrival-stamp' ? { kind: look, stamp: { agencyName } } : { kind: look, agencyName },
        signingTime: new Date(),
        // The engine had page 1 rendered by the OCR program; this process has no renderer.
        renderer: { renderPage: () => Promise.resolve(picture) },
      }),
  ),
  'prepare-signature': programMethod(prepareSignatureOptionsSchema, (options) => prepareSignature(options)),
  'embed-signature': programMethod(
    z.object({ prepared: preparedSignatureSchema, cmsBase64: z.string() }),
    ({ prepared, cmsBase64 }) => embedSignature(prepared, Buffer.from(cmsBase64, 'base64')),
  ),
  extend: programMethod(
    z.object({
      inputPath: z.string(),
      outputPath: z.string(),
      level: z.enum(['B-T', 'B-LT', 'B-LTA']),
      tsa: z.object({ url: z.string(), deadlineMs: z.number() }).nullable(),
      trust: trustSchema,
    }),
    async ({ tsa, trust, ...request }) =>
      extendPdf({
        ...request,
        ...(tsa && { tsa }),
        trust: await trustOf(trust),
      }),
  ),
  verify: programMethod(
    z.object({
      path: z.string(),
      trust: trustSchema,
      now: z.iso.datetime(),
      revocation: z.enum(['given', 'ask']),
      expects: z.enum(['issued-document', 'any']),
      registeredAt: z.iso.datetime().optional(),
    }),
    async ({ path, trust, now, revocation, expects, registeredAt }) =>
      verifyPdf(path, {
        ...(await trustOf(trust)),
        now: new Date(now),
        revocation,
        expects,
        ...(registeredAt === undefined ? {} : { registeredAt: new Date(registeredAt) }),
      }),
  ),
  'verify-file': programMethod(
    z.object({
      path: z.string(),
      trust: trustSchema,
      lists: paths,
      revocation: z.enum(['given', 'ask', 'skip']),
      now: z.iso.datetime(),
      at: z.iso.datetime().optional(),
      password: z.string().optional(),
    }),
    async ({ path, trust, lists, now, at, password, revocation }) => {
      const options: VerificationOptions = {
        ...(await trustOf(trust)),
        revocationLists: await loadLists(lists),
        revocation,
        now: new Date(now),
        ...(at === undefined ? {} : { at: new Date(at) }),
        ...(password === undefined ? {} : { password }),
      };
      return (await looksLikePackage(path))
        ? await verifyPackageFile(path, options)
        : [await verifyPdf(path, options)];
    },
  ),
  'inspect-before-signing': programMethod(z.object({ path: z.string() }), ({ path }) =>
    inspectFileBeforeSigning(path),
  ),
  'extract-revision': programMethod(
    z.object({ path: z.string(), field: z.string(), outputPath: z.string() }),
    (options) => extractSignedRevision(options),
  ),
  'verify-package': programMethod(
    z.object({
      path: z.string(),
      trust: trustSchema,
      now: z.iso.datetime(),
      revocation: z.enum(['given', 'ask']),
    }),
    async ({ path, trust, now, revocation }) =>
      verifyPackage(path, { ...(await trustOf(trust)), now: new Date(now), revocation }),
  ),
  'draw-sheet': programMethod(
    z.object({ files: z.array(fileReportSchema), checkedAt: z.iso.datetime(), software: z.string() }),
    async ({ files, checkedAt, software }) => {
      // Not among what the first letter waits for.
      const { buildVerificationSheet } = await import('../../verification/report-pdf/verification-sheet.ts');
      const pdf = await buildVerificationSheet(files, { checkedAt: new Date(checkedAt), software });
      return Buffer.from(pdf).toString('base64');
    },
  ),
  'print-book': programMethod(bookRequestSchema, (request) => printBookFile(request)),
  'parse-edxml': programMethod(z.object({ path: z.string(), outDir: z.string() }), (options) =>
    parseEdxmlFile(options),
  ),
});
