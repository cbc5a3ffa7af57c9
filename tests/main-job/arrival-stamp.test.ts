import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withPdf } from '../../core/pdf/document.ts';
import { readSignatureFields } from '../../core/pdf/signature-fields.ts';
import { packageOf } from '../kill/stimuli.ts';
import { Office, until } from '../bad-input/office.ts';

let office: Office;
beforeEach(async () => {
  office = await Office.create({ settings: { signing: { arrivalStamp: 'draw' } } });
});
afterEach(() => office.close());

async function sealed(id: string): Promise<{ path: string; sha256: string }> {
  const document = await until('the document to be sealed', async () => {
    const now = await office.engine.call('document.get', { id });
    return now.arrival?.documentState === 'sealed' ? now : undefined;
  });
  const sha256 = document.objects.findLast(({ role }) => role === 'sealed')?.sha256 ?? '';
  return { sha256, path: (await office.engine.call('document.object-path', { sha256 })).path };
}

/** The words inside a box of page 1, in points from the top left. */
const wordsOf = (path: string): string =>
  execFileSync('pdftotext', ['-l', '1', path, '-'], { encoding: 'utf8' });

test('an office that wants it has its stamp ĐẾN with number and date on the scan before the agency signs it', async () => {
  const letter = await office.goodLetter();
  const { documentId, number } = await office.accept(await office.put(letter.name, letter.bytes), {
    receiver: 'Phòng Văn hóa',
  });
  const { path } = await sealed(documentId);
  const words = wordsOf(path);
  const { arrival, checks } = await office.engine.call('document.get', { id: documentId });
  const date = arrival?.arrivalDate.split('-').toReversed().join('/') ?? '';
  for (const expected of ['ĐẾN', `Số: ${number}`, `Ngày: ${date}`, 'Chuyển: Phòng Văn hóa'])
    expect(words).toContain(expected);
  // One signature over stamp and scan; the scan is the file's beginning.
  expect(withPdf(path, readSignatureFields)).toHaveLength(1);
  expect((await readFile(path)).subarray(0, letter.bytes.length).equals(Buffer.from(letter.bytes))).toBe(
    true,
  );
  expect(checks.at(-1)?.report.signatures).toMatchObject([{ integrity: true, coverage: 'whole-file' }]);
});

test('nothing is ever drawn on what came electronically', async () => {
  const letter = await office.goodLetter();
  const edxml = packageOf(7, letter.bytes);
  await office.workplace.server.inboxPut(office.workplace.officeId, edxml);
  await office.engine.call('sync.run', {});
  const item = await until('the e-document', async () => {
    const { items } = await office.engine.call('intake.list', { states: ['proposed'], limit: 10 });
    return items.find(({ origin }) => origin === 'electronic');
  });
  const { documentId } = await office.accept(item);
  const { path } = await sealed(documentId);
  expect((await readFile(path)).equals(Buffer.from(letter.bytes))).toBe(true);
});
