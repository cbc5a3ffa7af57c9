import { afterAll, beforeAll, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { showOutsideText } from '../../core/shared/outside-text.ts';
import { buildVerificationSheet } from '../../core/verification/report-pdf/verification-sheet.ts';
import { issueCertificate } from '../../scripts/pki/index.ts';
import { only, openWorkshop, type Workshop } from './signed-files.ts';

// A certificate's names, and a field's, are shown as what they are: nothing in them hides, turns round or ends the line.

let shop: Workshop;
let made = 0;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop.close());

it.each([
  ['a zero byte that ends it', 'UBND xã\u0000 giả'],
  ['a mark that turns it round', 'UBND xã \u202eảig'],
  ['a letter without width', 'UBND\u200b xã'],
  ['a line of its own', 'UBND xã\nKết luận: Hợp lệ'],
  ['a line separator', 'UBND xã\u2028Hợp lệ'],
  ['a command for the terminal', 'UBND\u001b[2K\u009b1A xã'],
])('a name with %s', async (_name, commonName) => {
  const identity = await issueCertificate(shop.pki, {
    subject: [
      ['O', commonName],
      ['CN', commonName],
    ],
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
  });
  const fieldName = `Ký ${commonName}`;
  const file = await shop.sign(shop.letter, `deceiving-${++made}.pdf`, {
    key: shop.key(identity),
    fieldName,
  });
  const report = await shop.verify(file);
  const { signer } = only(report);
  expect(signer?.name).toBe(showOutsideText(commonName));
  expect(signer?.organization).toBe(showOutsideText(commonName));
  // oxlint-disable-next-line no-control-regex
  expect(signer?.name).not.toMatch(/[\u0000-\u001f\u0080-\u009f\u200b-\u200f\u2028\u2029\u202a-\u202e]/);
  expect(signer?.name).toContain('\u2423');
  const sheet = await shop.write(
    'sheet.pdf',
    await buildVerificationSheet([report], { checkedAt: new Date(), software: 'Ấn Thư' }),
  );
  const text = execFileSync('pdftotext', [sheet, '-'], { encoding: 'utf8' });
  expect(text).not.toMatch(/^Kết luận: Hợp lệ$/m);
});
