import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { PdfDict, PdfStream, type PdfRef } from '../../core/pdf/objects.ts';
import { firstPage } from '../../core/pdf/pages.ts';
import { parseCertificate, readCertificates } from '../../core/trust/certificate.ts';
import {
  createDemoPki,
  issueCertificate,
  startDemoOcsp,
  writeIdentity,
  type DemoOcsp,
} from '../../scripts/pki/index.ts';
import {
  buildCertificate,
  basicConstraintsExtension,
  keyUsageExtension,
  toPem,
} from '../../scripts/pki/certificate-builder.ts';
import { generateKeyPairSync } from 'node:crypto';
import { packageOf } from '../kill/stimuli.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { SentLetters } from '../lib/sent-letters.ts';
import { appendUpdate } from '../verification/signed-files.ts';
import { expectAccessible } from './accessibility.ts';
import { openOffice, type Office } from './office.ts';

// What the clerk sees of signatures, with the keyboard only: letters of every verdict, the signed revision beside the
// current one, the printable sheet, what a scan holds before it is signed, the administrator's anchors.

test.describe.configure({ mode: 'serial' });

let office: Office;
let letters: SentLetters;
let again: DemoOcsp | undefined;
test.beforeAll(async () => {
  office = await openOffice({ scanner: 'left-out' });
  letters = await SentLetters.prepare(office.workplace);
});
test.afterAll(async () => {
  await again?.close();
  await office?.close();
});

const dialog = () => office.page.getByRole('dialog');
const item = (number: number) => office.page.locator('.inbox-item', { hasText: `${number}/UBND-VX` });

/** Sends a package and waits until it stands in the inbox. */
async function receive(number: number, bytes: Buffer): Promise<void> {
  const { page } = office;
  await letters.send(bytes);
  await page.keyboard.press('Alt+3');
  await expect(page.getByRole('heading', { name: 'Hàng đợi đồng bộ' })).toBeVisible();
  await page.keyboard.press('F9');
  await page.keyboard.press('Alt+1');
  await expect(item(number)).toHaveAttribute('data-intake-state', 'proposed', { timeout: 45_000 });
}

/** Place of the selected file in the inbox. */
const selectedPlace = () =>
  office.page
    .locator('.inbox-item')
    .evaluateAll((all) => all.findIndex((line) => line.getAttribute('aria-current') === 'true'));

/** Goes to a file of the inbox with the arrow keys, each pressed when the last has been obeyed. */
async function selectItem(wanted: Locator): Promise<void> {
  const { page } = office;
  await page.keyboard.press('Alt+1');
  await expect(wanted).toBeVisible();
  await expect.poll(selectedPlace).toBeGreaterThanOrEqual(0);
  for (let step = 0; step < 18 && (await wanted.getAttribute('aria-current')) !== 'true'; step++) {
    const place = await selectedPlace();
    const isBelow = await wanted.evaluate(
      (line, from) => [...document.querySelectorAll('.inbox-item')].indexOf(line) > from,
      place,
    );
    await page.keyboard.press(isBelow ? 'Alt+ArrowDown' : 'Alt+ArrowUp');
    await expect.poll(selectedPlace).not.toBe(place);
  }
  await expect(wanted).toHaveAttribute('aria-current', 'true');
}
const select = (number: number) => selectItem(item(number));

const accept = () => office.page.locator('[data-accept]');

test('a valid letter with a signed package is free to be registered', async () => {
  const { page } = office;
  await receive(601, letters.signedPackage(601, await letters.pdf(601)));
  await select(601);
  await expect(page.getByText('Chữ ký số: Hợp lệ')).toBeVisible();
  await expect(page.getByText('Chữ ký của gói điện tử: Hợp lệ')).toBeVisible();
  await expect(page.getByText('Có thể vào sổ.').first()).toBeVisible();
  await expect(accept()).toBeEnabled();
  await office.picture('verify-valid');
  await expectAccessible(page);
});

test('its signatures, judgements and sheet open with keys', async () => {
  const { page } = office;
  await page.keyboard.press('F4');
  await expect(dialog().getByRole('heading', { name: 'Kiểm tra chữ ký số' })).toBeVisible();
  await expect(dialog().getByText('Các lần kiểm tra')).toBeVisible();
  await expect(dialog().locator('.judgement-list li')).toHaveCount(2);
  await expectAccessible(page);
  await office.picture('verify-judgements');
  await page.keyboard.press('Enter'); // the focus is on the sheet's button
  await expect(dialog().locator('[data-sheet] canvas')).not.toHaveCount(0);
  await page.waitForTimeout(500);
  await expectAccessible(page);
  await office.picture('verify-sheet');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
});

/** Another text over the first page, appended after the signatures: what a forger does. */
async function forged(number: number): Promise<Buffer> {
  const path = join(office.workplace.root, `gia-mao-${number}.pdf`);
  await writeFile(path, await letters.pdf(number));
  return appendUpdate(path, (update, pdf) => {
    const page = firstPage(pdf);
    if (!page.ref) throw new Error('odd sample');
    const content = update.add(
      new PdfStream(new PdfDict(), { bytes: Buffer.from('1 0 0 rg 120 500 300 120 re f') }),
    );
    const old = page.dict.get('Contents');
    update.put(
      page.ref,
      page.dict.with({ Contents: [...(Array.isArray(old) ? old : [old as PdfRef]), content] }),
    );
  });
}

test('a letter changed after signing cannot be registered; the clerk sees what was signed and what it is now', async () => {
  const { page } = office;
  await receive(602, packageOf(602, await forged(602)));
  await select(602);
  await expect(page.getByText('Chữ ký số: Không hợp lệ')).toBeVisible();
  await expect(page.getByText('Văn bản đã bị thay đổi sau khi ký.')).toBeVisible();
  await expect(page.getByText('Không vào sổ; trả lại cơ quan gửi (trạng thái 02).')).toBeVisible();
  await expect(accept()).toBeDisabled();
  await page.keyboard.press('Control+Enter');
  await expect(dialog()).toHaveCount(0);
  await office.picture('verify-tampered');
  await expectAccessible(page);

  await page.keyboard.press('F4');
  const compare = dialog().getByRole('button', { name: 'So sánh với bản lúc ký' });
  await expect(dialog().getByText('Nội dung bị đổi').first()).toBeVisible();
  await compare.last().focus();
  await page.keyboard.press('Enter');
  await expect(dialog().locator('[data-side="signed"] img')).toBeVisible({ timeout: 45_000 });
  await expect(dialog().locator('[data-side="current"] img')).toBeVisible();
  await expect(dialog().getByText('Trang này khác bản lúc ký')).toBeVisible();
  await expect(
    dialog()
      .getByText(/đối tượng \d+ 0/)
      .first(),
  ).toBeVisible();
  await expectAccessible(page);
  await office.picture('verify-compare');
  const [before, now] = await Promise.all(
    ['signed', 'current'].map((side) => dialog().locator(`[data-side="${side}"] img`).getAttribute('src')),
  );
  const hash = (text: string | null | undefined) =>
    createHash('sha256')
      .update(text ?? '')
      .digest('hex');
  expect(hash(before)).not.toBe(hash(now));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
});

test('it is returned with a reason', async () => {
  const { page } = office;
  await page.keyboard.press('F8');
  await page.keyboard.type('Văn bản bị thay đổi sau khi ký');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog()).toHaveCount(0);
  await expect(item(602)).toHaveCount(0); // it leaves the list of what is to be done
});

test('a letter of an unknown issuer is asked about: it is entered with the clerk’s reason only', async () => {
  const { page } = office;
  const stranger = await createDemoPki(join(office.workplace.root, 'noi-khac'), {
    agencyName: 'Cơ quan lạ (mẫu)',
    organId: 'H1',
    senderName: 'Sở khác (mẫu)',
    senderOrganId: 'H2',
    pin: '123456',
  });
  await receive(603, packageOf(603, await letters.pdf(603, ['leader', stranger.sender])));
  await select(603);
  await expect(page.getByText('Chữ ký số: Chưa đủ thông tin')).toBeVisible();
  await expect(page.getByText(/Không nhận ra cơ quan cấp chứng thư/)).toBeVisible();
  await expect(page.getByText('Vui lòng hỏi lại cơ quan gửi trước khi vào sổ.')).toBeVisible();
  await office.picture('verify-unknown-issuer');
  await page.keyboard.press('Control+Enter');
  await expect(dialog().getByText('Vào sổ dù chữ ký chưa đủ')).toBeVisible();
  await expectAccessible(page);
  await office.picture('verify-decision');
  await page.keyboard.type('Đã gọi hỏi nơi gửi, xác nhận đúng');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Đã vào sổ, số đến/)).toBeVisible();
});

test('a letter signed under a revoked certificate is to be returned', async () => {
  const { page } = office;
  const { pki, ocsp } = office.workplace;
  const identity = await issueCertificate(pki, {
    subject: [['CN', 'Sở đã bị thu hồi (mẫu)']],
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
  });
  const files = await writeIdentity(pki, 'revoked', identity, '123456');
  ocsp.setStatus(parseCertificate(identity.certificate).serial, {
    kind: 'revoked',
    at: new Date(Date.now() - 3600_000),
  });
  await receive(604, packageOf(604, await letters.pdf(604, ['leader', files])));
  await select(604);
  await expect(page.getByText('Chữ ký số: Không hợp lệ')).toBeVisible();
  await expect(page.getByText(/Chứng thư đã bị thu hồi trước thời điểm ký/)).toBeVisible();
  await expect(accept()).toBeDisabled();
  await office.picture('verify-revoked');
  await expectAccessible(page);
});

test('offline the letter says what was not checked, may be entered, and is judged again when somebody answers', async () => {
  const { page } = office;
  await office.workplace.ocsp.close();
  await receive(605, packageOf(605, await letters.pdf(605)));
  await select(605);
  await expect(page.getByText('Chữ ký số: Chưa kiểm tra đủ')).toBeVisible();
  await expect(page.getByText(/Chưa kiểm tra được trạng thái thu hồi/)).toBeVisible();
  await expect(page.getByText(/Có thể vào sổ tạm thời/)).toBeVisible();
  await expect(accept()).toBeEnabled();
  await office.picture('verify-offline');
  await expectAccessible(page);

  again = await startDemoOcsp(office.workplace.pki);
  await page.keyboard.press('F4');
  await dialog().getByRole('button', { name: 'Kiểm tra lại' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog().getByText('Chữ ký số: Hợp lệ')).toBeVisible({ timeout: 30_000 });
  await expect(dialog().locator('.judgement-list li')).toHaveCount(4);
  await expect(dialog().locator('.judgement-list').getByText('Chưa kiểm tra đủ')).toHaveCount(1);
  await office.picture('verify-judged-again');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
});

test('a scan that holds prepared parts warns before it is entered and signed', async () => {
  const { page } = office;
  const path = join(office.workplace.root, 'ban-quet-la.pdf');
  const objects = onePageObjects({ catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' });
  await writeFile(path, rawPdf({ objects }));
  await office.scan(path);
  await page.keyboard.press('Alt+1');
  const scan = page.locator('.inbox-item', { hasText: 'ban-quet-la' });
  await expect(scan).toHaveAttribute('data-intake-state', 'proposed', { timeout: 60_000 });
  await selectItem(scan);
  await expect(page.getByText(/Tệp chứa mã chạy tự động/)).toBeVisible();
  await office.picture('verify-before-signing');
  await expectAccessible(page);
  await page.keyboard.press('F2');
  await page.locator('[data-field="issuer"]').focus();
  await page.keyboard.type('Sở Nội vụ');
  await page.locator('[data-field="typeName"]').focus();
  await page.keyboard.type('Công văn');
  await page.locator('[data-field="subject"]').focus();
  await page.keyboard.type('Thử xem trước khi ký');
  await page.keyboard.press('Control+Enter');
  await expect(dialog().getByText('Xem trước khi ký')).toBeVisible();
  await expect(dialog().getByText(/Tệp chứa mã chạy tự động/)).toBeVisible();
  await expectAccessible(page);
  await office.picture('verify-before-signing-consent');
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
});

test('an anchor that nobody knows is accepted only with its fingerprint typed, and removed with a reason', async () => {
  const { page } = office;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const name = [['CN', 'CA thật giả định']] as const;
  const der = buildCertificate({
    subject: name,
    subjectKey: key,
    issuer: name,
    issuerKey: key,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [basicConstraintsExtension(), keyUsageExtension(['keyCertSign', 'cRLSign'])],
  });
  const path = join(office.workplace.root, 'ca-la.crt');
  await writeFile(path, toPem('CERTIFICATE', der));
  await office.app.evaluate(({ dialog: native }, chosen) => {
    native.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, path);
  await office.show('#/settings');
  const signatures = page.locator('[data-anchors="signature"]');
  await expect(signatures.locator('[data-anchor]')).toHaveCount(1);
  await page.getByRole('button', { name: 'Nhập tệp chứng thư…' }).focus();
  await page.keyboard.press('Enter');
  const trust = dialog().getByRole('button', { name: 'Tin cậy cho chữ ký' });
  await expect(trust).toBeDisabled();
  await expectAccessible(page);
  await office.picture('trust-offer');
  const typed = dialog().getByLabel('Gõ dấu vân tay SHA-256');
  await typed.focus();
  await page.keyboard.type('00');
  await expect(dialog().getByText('Chưa khớp với dấu vân tay của chứng thư.')).toBeVisible();
  await page.keyboard.press('Control+A');
  const { fingerprint } = parseCertificate(der);
  await page.keyboard.type(fingerprint.toUpperCase().replace(/(.{4})(?=.)/g, '$1 '));
  await expect(trust).toBeEnabled();
  await trust.focus();
  await page.keyboard.press('Enter');
  await expect(signatures.locator('[data-anchor]')).toHaveCount(2);
  await office.picture('trust-anchors');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Bỏ tin cậy: CN=CA thật giả định' }).first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Chỉ để thử');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(signatures.locator('[data-anchor]')).toHaveCount(1);
  await office.show('#/audit');
  await expect(page.getByText('Thêm gốc tin cậy').first()).toBeVisible();
  await expect(page.getByText('Bỏ gốc tin cậy').first()).toBeVisible();
});

/** Letters that English does not have; names of people and agencies are left out of what is compared with it. */
const vietnamese = /[ăâđêôơưạảãấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏõốồổỗộớờởỡợụủũứừửữựỳỵỷỹàáèéìíòóùúý]/i;

/** What the notices of the screen (or of the dialog before it) and the messages of signatures say. */
async function saidIn(within: Locator): Promise<string> {
  return (await within.locator('.notice-body, .signature-messages').allInnerTexts()).join('\n');
}

test('in English what the engine said is English: judgements of before, warnings, errors; and Vietnamese again', async () => {
  const { page } = office;
  const body = page.locator('body');
  await office.show('#/settings');
  await page.getByText('English', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await select(604);
  await expect(body).toContainText('The certificate was revoked before the time of signing.');
  expect(await saidIn(body)).not.toMatch(vietnamese);
  await page.keyboard.press('F4');
  await expect(dialog().locator('.signature-messages').first()).toBeVisible();
  expect(await saidIn(dialog())).not.toMatch(vietnamese);
  await office.picture('verify-english');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await selectItem(page.locator('.inbox-item', { hasText: 'ban-quet-la' }));
  await expect(body).toContainText('The file holds code that runs by itself (JavaScript)');
  expect(await saidIn(body)).not.toMatch(vietnamese);
  await office.show('#/document/unknown');
  await expect(body).toContainText('Document unknown was not found. Nothing was changed.');
  expect(await saidIn(body)).not.toMatch(vietnamese);

  await office.show('#/settings');
  await page.getByText('Tiếng Việt', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
  await select(604);
  await expect(body).toContainText('Chứng thư đã bị thu hồi trước thời điểm ký.');
  await office.show('#/document/unknown');
  await expect(body).toContainText('Không tìm thấy văn bản unknown. Chưa có gì được thay đổi.');
});

test('the page may not name a certificate file itself', async () => {
  const answer = await office.page.evaluate(async () => {
    try {
      return await window.anThu!.call('trust.read-file', { path: '/etc/hostname' });
    } catch (thrown) {
      return String(thrown);
    }
  });
  expect(answer).toContain('general.invalid-input');
  expect(readCertificates(await readFile(office.workplace.pki.rootPath))).toHaveLength(1);
});
