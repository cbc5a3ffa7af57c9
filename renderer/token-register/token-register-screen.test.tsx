import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleEntry } from '../testing/sample-tokens.ts';
import { TokenRegisterScreen } from './token-register-screen.tsx';

test('a line shows its certificate, its keeper and its minutes', async () => {
  renderInWindow(<TokenRegisterScreen />, createFakeBridge().bridge);
  const detail = await screen.findByRole('region', { name: 'token của văn thư' });
  expect(within(detail).getByText('Số 3 ngày 02/02/2026')).toBeTruthy();
  expect(within(detail).getByText('2f81d0c6a1b2c3d4')).toBeTruthy();
});

test('the filter asks for what ends within 60 or 30 days', async () => {
  const { bridge, calls } = createFakeBridge();
  renderInWindow(<TokenRegisterScreen />, bridge);
  fireEvent.click(await screen.findByLabelText('Hết hạn trong 30 ngày'));
  await waitFor(() =>
    expect(calls.filter(({ procedure }) => procedure === 'token-register.list').at(-1)?.input).toMatchObject({
      expiringWithinDays: 30,
    }),
  );
});

test('a handover names both sides and opens the sheet to print', async () => {
  const written = sampleEntry();
  const { bridge, calls } = createFakeBridge({ 'token-register.hand-over': () => written });
  renderInWindow(<TokenRegisterScreen />, bridge);
  fireEvent.click(await screen.findByRole('button', { name: 'Bàn giao' }));
  const dialog = await screen.findByRole('dialog');
  fireEvent.submit(dialog.querySelector('form')!);
  expect(calls.some(({ procedure }) => procedure === 'token-register.hand-over')).toBe(false);
  fireEvent.change(within(dialog).getByLabelText(/Bên nhận/), { target: { value: 'Lê Thị Mai' } });
  fireEvent.submit(dialog.querySelector('form')!);
  await waitFor(() =>
    expect(calls.find(({ procedure }) => procedure === 'token-register.hand-over')?.input).toMatchObject({
      givenBy: 'Rơ Châm H’Lan',
      receivedBy: 'Lê Thị Mai',
    }),
  );
  expect((await screen.findAllByText('BIÊN BẢN BÀN GIAO THIẾT BỊ LƯU KHÓA BÍ MẬT')).length).toBeGreaterThan(
    0,
  );
  expect(document.querySelector('body > .print-sheet')?.textContent).toContain(
    'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
  );
});

test('a certificate of a plugged token is entered with a name', async () => {
  const choices = createFakeBridge().bridge;
  const sample = (await choices.call('token.choices', { purpose: 'agency' })) as { choices: object[] };
  const fresh = { choices: [{ ...sample.choices[0], rememberedName: null }] };
  const { bridge, calls } = createFakeBridge({
    'token.choices': () => fresh,
    'token-register.add': () => sampleEntry(),
  });
  renderInWindow(<TokenRegisterScreen />, bridge);
  fireEvent.click((await screen.findAllByRole('button', { name: 'Vào sổ chứng thư' }))[0]!);
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(await within(dialog).findByLabelText(/Tên gọi/), {
    target: { value: 'token của Chủ tịch' },
  });
  fireEvent.submit(dialog.querySelector('form')!);
  await waitFor(() =>
    expect(calls.find(({ procedure }) => procedure === 'token-register.add')?.input).toMatchObject({
      name: 'token của Chủ tịch',
      purpose: 'agency',
    }),
  );
});
