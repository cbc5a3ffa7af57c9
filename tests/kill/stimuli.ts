import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vietnamDate } from '../../core/shared/clock.ts';
import { buildEdxml } from '../../core/sync/edxml/index.ts';
import { drawLetter } from '../../scripts/samples/draw-letter.ts';
import { defaultNames } from '../../scripts/samples/letter.ts';
import { officialLetter, secretLetter } from '../../scripts/samples/letters.ts';
import { seededRandom } from '../../scripts/samples/prng.ts';
import { demoAgency, demoSender } from '../../scripts/demo/workplace.ts';

/** A letter of one or two pages with a text layer: read without OCR, so that a kill loop does not wait for it. */
export async function letterPdf(seed: number, kind: 'open' | 'secret' = 'open'): Promise<Uint8Array> {
  const random = seededRandom(seed);
  const context = { names: defaultNames, today: vietnamDate(new Date()), random };
  const letter = kind === 'secret' ? secretLetter(context) : officialLetter(context);
  // The seed in the subject makes every file another file.
  return drawLetter({ ...letter, subject: `${letter.subject} (${seed})` }, random, {
    stamped: 'without-stamp',
  });
}

/** Puts a file into a scan folder as a scanner does: under a hidden name first, then its own. */
export async function dropFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const part = join(folder, `.${randomUUID()}.part`);
  await writeFile(part, bytes);
  await rename(part, join(folder, name));
}

/** An e-document of the province with this PDF inside. */
export function packageOf(number: number, pdf: Uint8Array): Buffer {
  const day = vietnamDate(new Date());
  return buildEdxml({
    from: { organId: demoSender.organId, organName: demoSender.name },
    to: [{ organId: demoAgency.organId, organName: demoAgency.name }],
    documentId: `${demoSender.organId},${day.replaceAll('-', '/')},${number}/UBND-VX`,
    codeNumber: String(number),
    codeNotation: 'UBND-VX',
    place: 'An Lạc',
    promulgationDate: day,
    documentType: { type: '18', typeName: 'Công văn' },
    subject: `Văn bản điện tử thử số ${number}`,
    content: `Văn bản điện tử thử số ${number}`,
    signer: demoSender.signer,
    pageAmount: 1,
    promulgationAmount: 1,
    attachments: [{ name: `${number}-UBND-VX.pdf`, bytes: Buffer.from(pdf) }],
  });
}
