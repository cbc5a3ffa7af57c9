import { z } from 'zod';
import { compileJava } from './java.ts';

const timestampSchema = z.object({ valid: z.boolean(), time: z.string() });

const signatureSchema = z.object({
  subFilter: z.string(),
  wholeFile: z.boolean().optional(),
  valid: z.boolean().optional(),
  digest: z.string().optional(),
  algorithm: z.string().optional(),
  subject: z.string().optional(),
  signingTime: z.boolean().optional(),
  signingCertificateV2: z.boolean().optional(),
  /** Whether the whole CMS is in DER. */
  der: z.boolean().optional(),
  time: z.string().optional(),
  timestamps: z.array(timestampSchema).optional(),
  error: z.string().optional(),
});

const opinionSchema = z.object({
  path: z.string(),
  pages: z.number().optional(),
  signatures: z.array(signatureSchema).default([]),
  store: z
    .object({ certificates: z.number(), responses: z.number(), lists: z.number() })
    .nullable()
    .default(null),
  error: z.string().optional(),
});

/** What PDFBox, parsing strictly, and BouncyCastle say about one file. */
export type PdfOpinion = z.infer<typeof opinionSchema>;

/** Asks for many files in one run of Java. A password stands behind its path. */
export function pdfOpinions(files: readonly (string | readonly [string, string])[]): PdfOpinion[] {
  const program = compileJava('PdfOpinion');
  try {
    const input = files.map((file) => (typeof file === 'string' ? file : file.join('\t'))).join('\n');
    return program
      .run({ input })
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => opinionSchema.parse(JSON.parse(line)));
  } finally {
    program.remove();
  }
}
