import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { BookDialog } from './book-dialog.tsx';

function open(saveBook: () => Promise<unknown>) {
  const onClose = vi.fn();
  const bridge = { ...createFakeBridge().bridge, shell: { saveBook } };
  renderInWindow(<BookDialog registerId="r1" years={[2026, 2025]} onClose={onClose} />, bridge);
  return onClose;
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('year, numbers and volume go to the shell, which asks for the place', async () => {
  const saveBook = vi.fn(() => Promise.resolve({ entries: 3, first: '5', last: '7', pages: 2 }));
  const onClose = open(saveBook);
  type('Năm', '2025');
  type('Từ số', '5');
  type('Quyển số', ' 02 ');
  fireEvent.click(screen.getByRole('button', { name: 'Lưu PDF…' }));
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  const range = { registerId: 'r1', year: 2025, fromNumber: 5, toNumber: undefined };
  expect(saveBook.mock.calls).toEqual([[{ kind: 'print', range, volume: '02' }]]);
});

test('the dialog stays when nothing was chosen, and says why nothing was written', async () => {
  const error = { code: 'store.disk-full', message: 'Ổ đĩa đầy', detail: { needed: 1, free: 0 } };
  const saveBook = vi.fn<() => Promise<unknown>>(() => Promise.reject(new Error(JSON.stringify(error))));
  const onClose = open(saveBook);
  fireEvent.click(screen.getByRole('button', { name: 'Xuất CSV…' }));
  expect((await screen.findByRole('alert')).textContent).not.toBe('');
  saveBook.mockResolvedValue(null);
  fireEvent.click(screen.getByRole('button', { name: 'Xuất CSV…' }));
  await vi.waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  expect(onClose).not.toHaveBeenCalled();
});

test('what is no number is refused before anything is asked', () => {
  const saveBook = vi.fn(() => Promise.resolve(null));
  open(saveBook);
  type('Đến số', '12a');
  fireEvent.click(screen.getByRole('button', { name: 'Lưu PDF…' }));
  expect(screen.queryAllByText('Vui lòng nhập một số, hoặc để trống.')).toHaveLength(1);
  expect(saveBook).not.toHaveBeenCalled();
});
