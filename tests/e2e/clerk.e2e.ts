import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { openOffice, type Office } from './office.ts';

test.describe.configure({ mode: 'serial' });

let office: Office;
test.beforeAll(async () => {
  office = await openOffice();
});
test.afterAll(async () => {
  await office?.close();
});

const items = (state: string) => office.page.locator(`[data-intake-state="${state}"]`);

test('an empty office shows where scans will appear', async () => {
  await office.show('#/inbox');
  await expect(office.page.getByText('Hộp thư quét trống')).toBeVisible();
  await expectAccessible(office.page);
  await office.picture('inbox-empty');
});

test('scanned letters are checked, read and proposed; a virus and a secret are refused without a preview', async () => {
  for (const letter of office.letters.slice(0, 2)) await office.scan(letter);
  await office.scan(office.virus);
  await office.scan(office.secret);
  await expect(items('proposed')).toHaveCount(2, { timeout: 60_000 });
  await expect(items('quarantined')).toHaveCount(2, { timeout: 60_000 });
  const hrefs = await items('quarantined').evaluateAll((links) =>
    links.map((link) => link.getAttribute('href') ?? ''),
  );
  for (const [index, href] of hrefs.entries()) {
    await office.show(href);
    await expect(office.page.getByText('Tệp bị cách ly nên không được mở để xem')).toBeVisible();
    await expect(office.page.locator('canvas')).toHaveCount(0);
    await expectAccessible(office.page);
    await office.picture(`inbox-refused-${index + 1}`);
  }
});

test('a key of an input method registers nothing', async () => {
  const { page } = office;
  await office.show('#/inbox');
  await expect(page.locator('[data-field="docNumber"]')).toBeFocused();
  await page.locator('[data-field="subject"]').focus();
  await page.evaluate(() => {
    const target = document.activeElement!;
    const press = (init: KeyboardEventInit) =>
      target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
    target.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    press({ key: 'Enter', isComposing: true });
    press({ key: 'Enter', ctrlKey: true, isComposing: true });
    press({ key: 'Process', keyCode: 229, ctrlKey: true });
    press({ key: 'F8', isComposing: true });
    target.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: 'ường' }));
  });
  await expect(page.locator('[data-field="subject"]')).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(items('proposed')).toHaveCount(2);
});

test('the clerk goes from the new scan to the signed and sent document with the keyboard only', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('F2');
  await expect(page.locator('[data-field="docNumber"]')).toBeFocused();
  await expect(page.locator('.page-box')).toBeVisible();
  await office.picture('inbox');
  await expectAccessible(page);

  await page.keyboard.press('Enter');
  await expect(page.locator('[data-field="docNotation"]')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Đã vào sổ, số đến 1.')).toBeVisible();

  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Mở khóa thiết bị ký')).toBeVisible();
  await expect(dialog.getByText(/sẽ được đặt trên 1 văn bản/)).toBeVisible();
  await expectAccessible(page);
  await office.picture('pin');
  await page.keyboard.type('00000000');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/Mã PIN không đúng/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.type(office.pin);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Thiết bị đã mở khóa')).toBeVisible();

  await page.keyboard.press('Alt+2');
  const row = page.getByRole('row').nth(1);
  await expect(row.getByText('Đã gửi, có biên nhận')).toBeVisible({ timeout: 45_000 });
  await expectAccessible(page);
  await office.picture('register');

  await page.keyboard.press('Control+F');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /Số đến 1\// })).toBeVisible();
  await office.picture('document');
  await expectAccessible(page);
  await page.keyboard.press('F4');
  await expect(page.getByText('Văn bản không bị thay đổi sau khi ký')).toBeVisible();
  await office.picture('document-signatures');
  await expectAccessible(page);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(page).toHaveURL(/#\/register$/);
});

test('the book is printed from the register into a file that the clerk names', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+2');
  await expect(page.getByRole('row').nth(1)).toContainText('rà soát');
  await page.keyboard.press('Control+p');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('In sổ đăng ký văn bản đến')).toBeVisible();
  await dialog.getByLabel('Từ số').fill('x');
  await expect(dialog.getByText('Vui lòng nhập một số, hoặc để trống.')).toBeVisible();
  await dialog.getByLabel('Từ số').fill('1');
  await expectAccessible(page);
  await office.picture('register-book');
  // The stand-in answers native dialogs as cancelled; this person chooses.
  const choose = async (name: string): Promise<string> => {
    const path = join(office.workplace.dataDir, '..', name);
    await office.app.evaluate(({ dialog: native }, filePath) => {
      native.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    return path;
  };
  const book = await choose('so.pdf');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Đã lưu sổ để in: 1 mục, từ số 1 đến số 1, 2 trang.')).toBeVisible();
  await expect(dialog).toHaveCount(0);
  expect((await readFile(book)).subarray(0, 5).toString()).toBe('%PDF-');
  const table = await choose('so.csv');
  await page.keyboard.press('Control+P');
  await dialog.getByRole('button', { name: 'Xuất CSV…' }).click();
  await expect(page.getByText('Đã xuất 1 mục, từ số 1 đến số 1.')).toBeVisible();
  // A spreadsheet of this system finds the columns by itself.
  expect(await readFile(table, 'utf8')).toMatch(/^\uFEFFNgày đến;Số đến;/);
});

test('the register is searched without marks', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+2');
  await expect(page.getByRole('row').nth(1)).toContainText('rà soát');
  await page.keyboard.press('Control+F');
  await page.keyboard.type('ra soat');
  await expect(page.locator('footer [aria-live]')).toHaveText('1 văn bản');
  await expect(page.getByRole('row').nth(1)).toContainText('rà soát');
  await page.keyboard.type(' khong co');
  await expect(page.getByText('Không tìm thấy văn bản nào')).toBeVisible();
});

test('an electronic document shows its verdict and is registered without signing', async () => {
  const { page } = office;
  await office.sendElectronic();
  await page.keyboard.press('Alt+3');
  await expect(page.getByRole('heading', { name: 'Hàng đợi đồng bộ' })).toBeVisible();
  await page.keyboard.press('F9');
  await page.keyboard.press('Alt+1');
  const arrival = page.locator('.inbox-item', { has: page.getByLabel('Điện tử') });
  await expect(arrival).toHaveAttribute('data-intake-state', 'proposed', { timeout: 45_000 });
  const lines = page.locator('.inbox-item');
  const place = await lines.evaluateAll((all) =>
    all.findIndex((line) => line.querySelector('[aria-label="Điện tử"]') !== null),
  );
  for (let line = 1; line <= place; line++) {
    await page.keyboard.press('Alt+ArrowDown');
    await expect(lines.nth(line)).toHaveAttribute('aria-current', 'true');
  }
  await expect(page.getByText(/Chữ ký số: /)).toBeVisible();
  await expect(page.getByText('Việc cần làm:')).toBeVisible();
  await office.picture('inbox-electronic');
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Đã vào sổ, số đến 2.')).toBeVisible();
});

for (const [name, keys] of [
  ['sync', 'Alt+3'],
  ['devices', 'Alt+4'],
  ['audit', 'Alt+5'],
  ['settings', 'Alt+6'],
] as const) {
  test(`the screen ${name} is reached by ${keys} and is accessible`, async () => {
    await office.page.keyboard.press(keys);
    await expect(office.page).toHaveURL(new RegExp(`#/${name}$`));
    await office.picture(name);
    await expectAccessible(office.page);
  });
}

test('palette and shortcut sheet tell what can be done', async () => {
  const { page } = office;
  await page.keyboard.press('Control+K');
  await page.keyboard.type('nhat ky');
  await expect(page.getByRole('dialog').getByRole('option')).toHaveText([/Nhật ký/]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/audit$/);
  await page.keyboard.press('F4');
  await expect(page.getByText('Chuỗi nhật ký nguyên vẹn')).toBeVisible();
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog')).toContainText('Phím tắt');
  await expectAccessible(page);
  await office.picture('shortcuts');
  await page.keyboard.press('Escape');
});

test('without the province the work goes on and the document waits in the queue', async () => {
  const { page } = office;
  await office.workplace.server.close();
  await page.keyboard.press('Alt+1');
  await expect(items('proposed')).toHaveCount(1);
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('F2');
  await expect(page.locator('[data-field="docNumber"]')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Đã vào sổ, số đến 3.')).toBeVisible();
  await page.keyboard.press('Alt+3');
  await expect(page.getByText(/Số đến 3\//)).toBeVisible();
  await page.keyboard.press('F9');
  await expect(page.getByRole('banner').getByText('Đang ngoại tuyến')).toBeVisible();
  await expect(page.getByText(/Văn bản vẫn an toàn trong hàng đợi/)).toBeVisible();
  await office.picture('sync-offline');
  await expectAccessible(page);
});
