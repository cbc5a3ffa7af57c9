import { z } from 'zod';
import { convertToPdf, convertToPdfOptionsSchema } from '../../intake/to-pdf.ts';
import { inspectPdf } from '../../pdf/inspect.ts';
import { programMethod, serveProgram } from '../../shared/program-server.ts';
import { embedSignature } from '../../signing/embed.ts';
import { prepareSignature } from '../../signing/prepare.ts';
import { preparedSignatureSchema, prepareSignatureOptionsSchema } from '../../signing/prepared-signature.ts';
import { parseEdxmlFile } from '../../sync/edxml/index.ts';
import { loadAnchors, loadCertificates } from '../../trust/anchors.ts';
import { verifyPdf } from '../../verification/verify-pdf.ts';

const paths = z.array(z.string());

serveProgram({
  inspect: programMethod(z.object({ path: z.string() }), ({ path }) => inspectPdf(path)),
  convert: programMethod(convertToPdfOptionsSchema, (options) => convertToPdf(options)),
  'prepare-signature': programMethod(prepareSignatureOptionsSchema, (options) => prepareSignature(options)),
  'embed-signature': programMethod(
    z.object({ prepared: preparedSignatureSchema, cmsBase64: z.string() }),
    ({ prepared, cmsBase64 }) => embedSignature(prepared, Buffer.from(cmsBase64, 'base64')),
  ),
  verify: programMethod(
    z.object({
      path: z.string(),
      trust: z.object({ anchors: paths, tsaAnchors: paths, certificates: paths }),
      now: z.iso.datetime(),
    }),
    async ({ path, trust, now }) =>
      verifyPdf(path, {
        anchors: await loadAnchors(trust.anchors, 'signature'),
        tsaAnchors: await loadAnchors(trust.tsaAnchors, 'timestamp'),
        extraCertificates: await loadCertificates(trust.certificates),
        now: new Date(now),
      }),
  ),
  'parse-edxml': programMethod(z.object({ path: z.string(), outDir: z.string() }), (options) =>
    parseEdxmlFile(options),
  ),
});
