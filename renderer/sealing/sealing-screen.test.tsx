import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleSealing, sampleSealingList } from '../testing/sample-tokens.ts';
import { SealingScreen } from './sealing-screen.tsx';

const three = ['một', 'hai', 'ba'].map((subject, n) =>
  sampleSealing({ documentId: `d${n}`, number: n + 1, subject: `Văn bản ${subject}` }),
);

test('everything that waits is listed, the common reason once, and one press asks for one PIN', async () => {
  const { bridge, calls } = createFakeBridge({
    'sealing.list': () => sampleSealingList(three),
    'sealing.go': () => sampleSealingList(three),
  });
  renderInWindow(<SealingScreen />, bridge);
  expect(await screen.findAllByText(/^Văn bản (một|hai|ba)$/)).toHaveLength(3);
  expect(screen.getAllByText(/Thiết bị đang khóa\. Chưa có gì được ký/)).toHaveLength(1);
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Ký tất cả (3)' }).hasAttribute('disabled')).toBe(false),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Ký tất cả (3)' }));
  await waitFor(() => expect(calls.some(({ procedure }) => procedure === 'sealing.go')).toBe(true));
  expect(await screen.findByLabelText('Mã PIN')).toBeTruthy();
});

test('a batch under way says how far it is and can be stopped between two files', async () => {
  const items = [
    sampleSealing({ state: 'running', error: null }),
    sampleSealing({ documentId: 'next', state: 'ready', error: null }),
  ];
  const { bridge, calls } = createFakeBridge({
    'sealing.list': () => sampleSealingList(items, { done: 4 }),
    'sealing.hold': () => sampleSealingList(items, { held: true }),
  });
  renderInWindow(<SealingScreen />, bridge);
  expect(await screen.findByText('Đã ký 4, còn 2')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Tạm dừng ký' }));
  await waitFor(() => expect(calls.some(({ procedure }) => procedure === 'sealing.hold')).toBe(true));
});

test('what a person stopped is told apart from what waits for the token', async () => {
  const items = [
    sampleSealing({ state: 'held', error: { code: 'signing.held', message: 'Tạm dừng.', detail: {} } }),
  ];
  renderInWindow(
    <SealingScreen />,
    createFakeBridge({ 'sealing.list': () => sampleSealingList(items, { held: true }) }).bridge,
  );
  expect(await screen.findByText(/Việc ký đang tạm dừng/)).toBeTruthy();
  expect(screen.getByText('Tạm dừng')).toBeTruthy();
});

test('a document with an error of its own shows it in its row', async () => {
  const items = [
    ...three,
    sampleSealing({
      documentId: 'x',
      state: 'parked',
      error: { code: 'pdf.damaged', message: 'Tệp PDF hỏng.', detail: {} },
    }),
  ];
  renderInWindow(
    <SealingScreen />,
    createFakeBridge({ 'sealing.list': () => sampleSealingList(items) }).bridge,
  );
  expect(await screen.findByText('Tệp PDF hỏng.')).toBeTruthy();
  expect(screen.getByText('Cần xem lại')).toBeTruthy();
});

test('an empty queue says what it is for', async () => {
  renderInWindow(<SealingScreen />, createFakeBridge({ 'sealing.list': () => sampleSealingList([]) }).bridge);
  expect(await screen.findByText('Không có văn bản nào chờ ký')).toBeTruthy();
});
