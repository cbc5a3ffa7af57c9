import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { openFaultOffice, type FaultOffice } from './fault-office.ts';

test.describe.configure({ mode: 'serial' });

let office: FaultOffice;
test.beforeAll(async () => {
  office = await openFaultOffice({ leader: 'own-token' });
});
test.afterAll(async () => {
  await office?.close();
});

const strip = () => office.page.getByRole('banner');
const dialog = () => office.page.getByRole('dialog');
const others = (name: string) => strip().getByRole('button', { name, exact: true });

async function openLeaders(pin: string): Promise<void> {
  const { page } = office;
  await page.keyboard.press('Control+F7');
  await dialog().getByRole('button', { name: 'Mở khóa', exact: true }).press('Enter');
  await expect(dialog().getByText('Mở thiết bị này không ký văn bản nào.')).toBeVisible();
  await expect(dialog().getByLabel('Mã PIN', { exact: true })).toBeFocused();
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
}

test('a letter waits for the agency’s token; the leader’s is shown beside it, each in its place', async () => {
  const { page } = office;
  await office.scan(office.letters[0]!);
  await expect(page.locator('[data-intake-state="proposed"]')).toHaveCount(1, { timeout: 90_000 });
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('F2');
  await expect(page.locator('[data-field="docNumber"]')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  // The window asks for the agency's PIN at once; the clerk puts it off.
  await expect(dialog().getByText(/sẽ được đặt trên 1 văn bản/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
  await expect(strip().getByRole('button', { name: 'Mở khóa (1 chờ ký)' })).toBeVisible();
  await expect(others('Thiết bị khác: 1')).toBeVisible();
});

test('the leader’s token is given a name from the strip', async () => {
  const { page } = office;
  await page.keyboard.press('Control+F7');
  await expect(dialog().getByText('Những thiết bị này không ký văn bản chờ ký.')).toBeVisible();
  await expectAccessible(page);
  await office.picture('other-tokens');
  await dialog().getByRole('button', { name: 'Đặt tên' }).press('Enter');
  await expect(dialog().getByLabel(/Tên gọi/)).toBeFocused();
  await expect(dialog().getByLabel('Dùng cho')).toHaveValue('person');
  await page.keyboard.type('token của Chủ tịch');
  await page.keyboard.press('Enter');
  await expect(dialog()).toHaveCount(0);
  await page.keyboard.press('Control+F7');
  await expect(dialog().getByText('token của Chủ tịch')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
});

test('a wrong PIN is counted for that token alone, the right one opens it and signs no document', async () => {
  const { page, token, leaderToken } = office;
  await openLeaders('00000000');
  await expect(dialog().getByText(/Mã PIN không đúng/)).toBeVisible();
  await expectAccessible(page);
  await office.picture('pin-other');
  await page.keyboard.type(office.pin);
  await page.keyboard.press('Enter');
  await expect(others('Thiết bị khác: 1 đang mở')).toBeVisible();
  expect([leaderToken.loginsSent(), token.loginsSent()]).toEqual([2, 0]);
  await page.waitForTimeout(1_500);
  await expect(strip().getByRole('button', { name: 'Mở khóa (1 chờ ký)' })).toBeVisible();
});

test('it is tried with a signature over nothing, which the log keeps, and locked by itself', async () => {
  const { page } = office;
  await page.keyboard.press('Control+F7');
  await expect(
    dialog()
      .getByText(/Tự khóa sau|4:\d\d/)
      .first(),
  ).toBeVisible();
  await office.picture('other-token-open');
  await expectAccessible(page);
  await dialog().getByRole('button', { name: 'Ký thử' }).press('Enter');
  await expect(page.getByText(/Ký thử thành công \(RSA 2048, \d+ ms\)/)).toBeVisible();
  await dialog().getByRole('button', { name: 'Khóa ngay' }).press('Enter');
  await expect(dialog().getByText('Thiết bị đang khóa')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(others('Thiết bị khác: 1')).toBeVisible();
  const log = await page.evaluate(() => window.anThu!.call('audit.list', {}));
  expect(JSON.stringify(log)).toContain('"token.tried"');
});

test('the agency’s PIN signs the letter; the leader’s token stays locked, and is gone when it is pulled out', async () => {
  const { page, leaderToken } = office;
  leaderToken.forget();
  await page.keyboard.press('F7');
  await expect(dialog().getByLabel('Mã PIN', { exact: true })).toBeFocused();
  await page.keyboard.type(office.pin);
  await page.keyboard.press('Enter');
  await expect(strip().getByText('Thiết bị đã mở khóa')).toBeVisible({ timeout: 45_000 });
  expect(leaderToken.loginsSent()).toBe(0);
  leaderToken.pull();
  await expect(others('Thiết bị khác: 1')).toHaveCount(0);
  await expect(strip().getByText('Thiết bị đã mở khóa')).toBeVisible();
});
