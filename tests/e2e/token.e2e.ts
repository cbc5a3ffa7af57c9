import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { openFaultOffice, type FaultOffice } from './fault-office.ts';
import { stripShows } from './strip-state.ts';

test.describe.configure({ mode: 'serial' });

/** CK_TOKEN_INFO.flags */
const finalTry = 0x20000;
const pinLocked = 0x40000;
const pinPad = 0x100;

let office: FaultOffice;
test.beforeAll(async () => {
  office = await openFaultOffice();
});
test.afterAll(async () => {
  await office?.close();
});

const strip = () => office.page.getByRole('banner');
const rows = (state: string) => office.page.locator(`tr[data-sealing-state="${state}"]`);
const dialog = () => office.page.getByRole('dialog');

/** What the engine answers, past the page's own code. */
const call = (procedure: string, input: unknown) =>
  office.page.evaluate(
    async ([name, value]) => {
      try {
        return await window.anThu!.call(name as string, value);
      } catch (thrown) {
        return String(thrown);
      }
    },
    [procedure, input],
  );

async function typePin(pin: string): Promise<void> {
  await expect(dialog().getByLabel('Mã PIN', { exact: true })).toBeFocused();
  await office.page.keyboard.type(pin);
  await office.page.keyboard.press('Enter');
}

test('without the token three letters are registered and wait for it', async () => {
  const { page } = office;
  office.token.pull();
  await expect(strip().getByText('Chưa cắm thiết bị ký')).toBeVisible();
  await expectAccessible(page);
  for (const letter of office.letters.slice(0, 3)) await office.scan(letter);
  const proposed = page.locator('[data-intake-state="proposed"]');
  await expect(proposed).toHaveCount(3, { timeout: 90_000 });
  for (const number of [1, 2, 3]) {
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('F2');
    await expect(page.locator('[data-field="docNumber"]')).toBeFocused();
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText(`Đã vào sổ, số đến ${number}.`)).toBeVisible();
  }
  await page.keyboard.press('Alt+7');
  await expect(rows('waiting')).toHaveCount(3);
  await expect(page.getByText(/Chưa thấy thiết bị được cắm vào máy/)).toBeVisible();
  await office.picture('sealing-absent');
  await expectAccessible(page);
});

test('plugged in, the window is ready within a second of the driver’s own time', async () => {
  const { token } = office;
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const ready = stripShows(office.page, 'locked');
    const started = performance.now();
    token.plug();
    await ready;
    times.push(Math.round(performance.now() - started));
    await expect(strip().getByRole('button', { name: 'Mở khóa (3 chờ ký)' })).toBeVisible();
    if (round === 4) break;
    token.pull();
    await expect(strip().getByText('Chưa cắm thiết bị ký')).toBeVisible();
  }
  console.log(`plug-in to ready: ${times.join(', ')} ms`);
  // One look in between may be late on a loaded machine; not all of them.
  expect(times.toSorted((a, b) => a - b)[2]).toBeLessThan(1_000);
});

test('one wrong PIN costs one try and nothing else', async () => {
  const { page, token } = office;
  token.forget();
  await page.keyboard.press('F8');
  await expect(dialog().getByText(/sẽ được đặt trên 3 văn bản/)).toBeVisible();
  await expect(dialog().getByRole('listitem')).toHaveCount(3);
  await expectAccessible(page);
  await office.picture('pin-batch');
  await typePin('00000000');
  await expect(dialog().getByText(/Mã PIN không đúng/)).toBeVisible();
  await page.waitForTimeout(500);
  expect(token.loginsSent()).toBe(1);
  await expect(rows('waiting')).toHaveCount(3);
  await office.picture('pin-wrong');
});

test('the token is pulled in mid-batch: what is signed stays, the rest waits with its reason', async () => {
  const { page, token } = office;
  token.order('C_Sign wait-for go-on after=1');
  await typePin(office.pin);
  await expect(dialog()).toHaveCount(0);
  await expect(strip().getByText('Thiết bị đang làm việc')).toBeVisible();
  await expect(page.locator('tr[data-sealing-state]')).toHaveCount(2);
  await expect(page.getByText(/Đã ký 1, còn 2/)).toBeVisible();
  await office.picture('sealing-batch');
  await expectAccessible(page);
  token.pull();
  token.release('go-on');
  await expect(strip().getByText('Chưa cắm thiết bị ký')).toBeVisible();
  await expect(rows('waiting')).toHaveCount(2);
  await expect(page.getByText(/Thiết bị đã bị rút|Chưa thấy thiết bị/).first()).toBeVisible();
  await office.picture('sealing-pulled');
  await expectAccessible(page);
});

test('plugged back in, one PIN finishes the batch', async () => {
  const { page, token } = office;
  token.order();
  token.plug();
  await expect(strip().getByRole('button', { name: 'Mở khóa (2 chờ ký)' })).toBeVisible();
  await page.keyboard.press('F7');
  await typePin(office.pin);
  await expect(page.getByText('Không có văn bản nào chờ ký')).toBeVisible({ timeout: 45_000 });
  await page.keyboard.press('Alt+2');
  for (const row of [1, 2, 3])
    await expect(page.getByRole('row').nth(row)).toContainText('Đã gửi, có biên nhận', { timeout: 45_000 });
});

test('an open token counts down to its lock, is locked at a key, and by the screen lock', async () => {
  const { page } = office;
  await expect(strip().getByText(/^4:\d\d$/)).toBeVisible();
  await office.picture('token-open');
  await page.keyboard.press('Shift+F7');
  await expect(strip().getByText('Thiết bị đang khóa')).toBeVisible();
  for (const event of ['lock-screen', 'suspend']) {
    await page.keyboard.press('F7');
    await typePin(office.pin);
    await expect(strip().getByText('Thiết bị đã mở khóa')).toBeVisible();
    await office.app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name as 'suspend'), event);
    await expect(strip().getByText('Thiết bị đang khóa')).toBeVisible();
  }
});

test('the last try is made only after it was agreed to', async () => {
  const { page, token } = office;
  token.forget();
  token.order(`flags-set ${finalTry}`);
  await page.keyboard.press('F7');
  await expect(dialog().getByText(/Chỉ còn 1 lần thử/)).toBeVisible();
  await expect(dialog().getByRole('button', { name: 'Mở khóa', exact: true })).toBeDisabled();
  await page.keyboard.type(office.pin);
  await page.keyboard.press('Enter');
  expect(token.loginsSent()).toBe(0);
  await office.picture('pin-last-try');
  await expectAccessible(page);
  const consent = dialog().getByRole('checkbox');
  for (let tabs = 0; tabs < 4 && !(await consent.evaluate((box) => box === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(consent).toBeChecked();
  await page.keyboard.press('Shift+Tab');
  await expect(dialog().getByLabel('Mã PIN', { exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(strip().getByText('Thiết bị đã mở khóa')).toBeVisible();
  expect(token.loginsSent()).toBe(1);
  token.order();
  await page.keyboard.press('Shift+F7');
  await expect(strip().getByText('Thiết bị đang khóa')).toBeVisible();
});

test('a locked token takes no PIN and says who can help', async () => {
  const { page, token } = office;
  token.forget();
  token.order(`flags-set ${pinLocked}`);
  await page.keyboard.press('F7');
  await expect(dialog().getByText(/Vui lòng liên hệ đơn vị cấp/)).toBeVisible();
  await expect(dialog().getByLabel('Mã PIN', { exact: true })).toBeDisabled();
  await expectAccessible(page);
  await office.picture('pin-locked');
  await page.keyboard.press('Escape');
  await expect(strip().getByText('Thiết bị đã bị khóa')).toBeVisible();
  expect(token.loginsSent()).toBe(0);
  token.order();
});

test('a token with a PIN pad is asked without a PIN in the window', async () => {
  const { page, token } = office;
  token.pull();
  await expect(strip().getByText('Chưa cắm thiết bị ký')).toBeVisible();
  token.order(`flags-set ${pinPad}`, `pad-pin ${office.pin}`);
  token.forget();
  token.plug();
  await expect(strip().getByText('Thiết bị đang khóa')).toBeVisible();
  await page.keyboard.press('F7');
  await expect(dialog().getByText('Vui lòng nhập mã PIN trên bàn phím của thiết bị.')).toBeVisible();
  await expect(dialog().getByLabel('Mã PIN', { exact: true })).toHaveCount(0);
  await expect(dialog().getByRole('button', { name: 'Mở khóa', exact: true })).toBeFocused();
  await office.picture('pin-pad');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(strip().getByText('Thiết bị đã mở khóa')).toBeVisible();
  await page.keyboard.press('Shift+F7');
  token.order();
});

test('a driver that crashes is told in a sentence, and its token works again', async () => {
  const { page, token } = office;
  token.pull();
  await expect(strip().getByText('Chưa cắm thiết bị ký')).toBeVisible();
  token.plug();
  await expect(strip().getByText('Thiết bị đang khóa')).toBeVisible();
  token.order('C_Login segv once=crash');
  await page.keyboard.press('F7');
  await typePin(office.pin);
  await expect(dialog().getByText(/Trình điều khiển thiết bị đã dừng đột ngột/)).toBeVisible();
  await office.picture('pin-crashed');
  await page.keyboard.press('Escape');
  await expect(strip().getByText('Trình điều khiển đã dừng đột ngột')).toBeVisible();
  await expect(strip().getByRole('link', { name: 'Cách xử lý' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('F7');
  await typePin(office.pin);
  await expect(strip().getByText('Thiết bị đã mở khóa')).toBeVisible();
});

test('a leader’s key is not offered for the agency’s seal, and the engine refuses it past the page', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+6');
  await expect(page.getByText(/Không dùng để ký thay cơ quan: Trần Văn Minh/)).toBeVisible();
  const offered = page.getByLabel('Khóa ký').getByRole('option');
  await expect(offered).toHaveText([/Chưa chọn/, /Ủy ban nhân dân xã Hòa Thịnh/]);
  await office.picture('settings-key');
  await expectAccessible(page);
  expect(await call('settings.set', { signing: { keyUri: office.leaderKey } })).toContain(
    'token.person-key-for-agency',
  );
  expect(await call('settings.get', {})).toMatchObject({ signing: { keyUri: office.agencyKey } });
});

test('the office’s register: a token is entered by name, handed over, and its minutes printed', async () => {
  const { page } = office;
  await page.keyboard.press('Alt+8');
  await expect(page.getByText('Sổ chưa có chứng thư nào')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('F8');
  await expect(dialog().getByLabel(/Tên gọi/)).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type('token của văn thư');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'token của văn thư' })).toBeVisible();
  await expect(strip().getByText('token của văn thư')).toBeVisible();
  await page.getByRole('button', { name: 'Bàn giao' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog().getByLabel(/Bên giao/)).toBeFocused();
  await page.keyboard.type('Trần Văn Minh');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Lê Thị Mai');
  await expectAccessible(page);
  await office.picture('tokens-hand-over');
  await page.keyboard.press('Enter');
  await expect(dialog().getByText('BIÊN BẢN BÀN GIAO THIẾT BỊ LƯU KHÓA BÍ MẬT')).toBeVisible();
  await expectAccessible(page);
  await office.picture('tokens-minutes');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.print-sheet')).toBeVisible();
  await expect(page.locator('.shell')).toBeHidden();
  await page.screenshot({ path: 'out/screenshots/tokens-print.png', fullPage: true });
  await page.emulateMedia({ media: null });
  await page.keyboard.press('Escape');
  await office.picture('tokens');
  await expectAccessible(page);
});

test('the diagnosis says what was looked for, what answered and what to do', async () => {
  const { page } = office;
  await office.show('#/diagnosis');
  await expect(page.getByText(office.token.modulePath)).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText('Đang dùng')).toBeVisible();
  await office.picture('diagnosis');
  await expectAccessible(page);
});

test('a library is added in a native dialog only; none, or one for 32 bits, is refused in a sentence', async () => {
  const { page } = office;
  const other = join(office.workplace.root, 'driver-32.so');
  // The head of an ELF file for 32 bits (class 1, machine 3).
  const head = [Buffer.from('7f454c46010101', 'hex'), Buffer.alloc(11), Buffer.from([3]), Buffer.alloc(45)];
  await writeFile(other, Buffer.concat(head));
  for (const [path, sentence] of [
    ['/etc/hostname', /không phải là thư viện chương trình/],
    [other, /Hãy cài bản trình điều khiển/],
  ] as const) {
    await office.app.evaluate(({ dialog: native }, chosen) => {
      native.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
      native.showMessageBox = async () => ({ response: 1, checkboxChecked: false });
    }, path);
    await page.getByRole('button', { name: 'Thêm thư viện PKCS#11' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByText(sentence).first()).toBeVisible();
  }
  expect(await call('settings.get', {})).toMatchObject({ signing: { modules: [office.token.modulePath] } });
});
