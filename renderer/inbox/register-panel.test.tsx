import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleArrival, sampleIntake } from '../testing/sample-documents.ts';
import { RegisterPanel } from './register-panel.tsx';

function show(item: IntakeItem, answers = {}) {
  const fake = createFakeBridge(answers);
  const onDone = vi.fn();
  const onBox = vi.fn();
  renderInWindow(<RegisterPanel item={item} onBox={onBox} onDone={onDone} />, fake.bridge);
  const accepted = () => fake.calls.filter((call) => call.procedure === 'intake.accept');
  return { ...fake, accepted, onDone, onBox };
}

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

test('Ctrl+Enter registers the document with the fields as proposed', async () => {
  const { accepted, onDone } = show(sampleIntake());
  fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(accepted()).toHaveLength(1);
  expect(accepted()[0]!.input).toMatchObject({
    id: 'intake-1',
    duplicateAccepted: false,
    fields: { docNumber: '1045', docNotation: 'UBND-KTTH', typeName: 'Công văn', docDate: '2026-11-19' },
  });
});

test('Ctrl+Enter during composition registers nothing', async () => {
  const { accepted } = show(sampleIntake());
  fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true, isComposing: true });
  fireEvent.keyDown(window, { key: 'Process', keyCode: 229, ctrlKey: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(accepted()).toEqual([]);
});

test('each proposed field says in words how sure it is', () => {
  show(sampleIntake());
  expect(screen.getByText('Chắc 97 %')).toBeTruthy();
  expect(screen.getByText('Xem lại 74 %')).toBeTruthy();
  expect(screen.getByText('Không chắc 52 %')).toBeTruthy();
});

test('Enter confirms a field and goes to the next, whose place is marked on the page', () => {
  const { onBox } = show(sampleIntake());
  fireEvent.keyDown(field('Số'), { key: 'Enter' });
  expect(document.activeElement).toBe(field('Ký hiệu'));
  expect(onBox).toHaveBeenLastCalledWith(expect.objectContaining({ page: 0, x: 0.22 }));
  expect(screen.getByText('Đã xác nhận')).toBeTruthy();
});

test('Enter during composition stays in the field', () => {
  show(sampleIntake());
  field('Số').focus();
  fireEvent.keyDown(field('Số'), { key: 'Enter', isComposing: true });
  fireEvent.keyDown(field('Số'), { key: 'Enter', keyCode: 229 });
  expect(document.activeElement).toBe(field('Số'));
});

test('a missing subject is named and nothing is registered', async () => {
  const { accepted } = show(sampleIntake());
  fireEvent.change(screen.getByLabelText(/Trích yếu nội dung/), { target: { value: ' ' } });
  fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true });
  expect(await screen.findByText('Trích yếu nội dung là bắt buộc.')).toBeTruthy();
  expect(accepted()).toEqual([]);
});

test('a date that does not exist is not registered as the date that was there before', async () => {
  const { accepted } = show(sampleIntake());
  fireEvent.change(field('Ngày văn bản'), { target: { value: '31/02/2026' } });
  fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(accepted()).toEqual([]);
  expect(screen.getByText('Vui lòng nhập ngày dạng ngày/tháng/năm, ví dụ 05/11/2026.')).toBeTruthy();
});

test('a likely duplicate is warned of in the words of the law and needs a second yes', async () => {
  const rows = [sampleArrival(12, { arrivalDate: '2026-11-03' })];
  const { accepted, onDone } = show(sampleIntake(), { 'register.duplicates': () => ({ rows }) });
  const sentence =
    'Văn bản có thể trùng: cùng số, ký hiệu và cơ quan ban hành với số đến 12 ngày 03/11/2026.';
  await screen.findByText(sentence, { exact: false });
  fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true });
  const dialog = await screen.findByRole('dialog');
  expect(accepted()).toEqual([]);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Vẫn vào sổ' }));
  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(accepted()[0]!.input).toMatchObject({ duplicateAccepted: true });
});

test('setting a file aside needs a reason', async () => {
  const { calls, onDone } = show(sampleIntake(), {
    'intake.dismiss': () => sampleIntake({ state: 'dismissed' }),
  });
  fireEvent.keyDown(window, { key: 'F8' });
  const dialog = await screen.findByRole('dialog');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Loại bỏ' }));
  expect(await within(dialog).findByText('Lý do là bắt buộc.')).toBeTruthy();
  fireEvent.change(within(dialog).getByLabelText(/Lý do/), { target: { value: 'Quét nhầm' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Loại bỏ' }));
  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(calls.find((call) => call.procedure === 'intake.dismiss')?.input).toEqual({
    id: 'intake-1',
    reason: 'Quét nhầm',
  });
});
