import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Token } from '../../core/contract/token.ts';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleAnswers } from '../testing/sample-answers.ts';
import { PinDialog } from './pin-dialog.tsx';

const pin = '73951648';

async function pinKey() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { hostKeyId: 'a'.repeat(32), publicKey: btoa(String.fromCharCode(...spki)) };
}

const sampleToken = (change: Partial<Token> = {}): Token => {
  const { modules } = sampleAnswers()['token.list']!({} as never) as { modules: { tokens: Token[] }[] };
  return { ...modules[0]!.tokens[0]!, ...change };
};

async function show(answers: Record<string, (input: never) => unknown>, token = sampleToken()) {
  const key = await pinKey();
  const fake = createFakeBridge({ 'token.pin-key': () => key, ...answers });
  const onClose = vi.fn();
  renderInWindow(<PinDialog token={token} signingKey={token.keys[0]!} onClose={onClose} />, fake.bridge);
  const input = screen.getByLabelText<HTMLInputElement>('Mã PIN');
  const submit = () => fireEvent.submit(input.closest('form')!);
  return { ...fake, input, submit, onClose };
}

test('the PIN leaves the page sealed only, and the field at once', async () => {
  const { calls, input, submit, onClose } = await show({ 'token.unlock': () => ({}) });
  fireEvent.change(input, { target: { value: pin } });
  submit();
  expect(input.value).toBe('');
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(JSON.stringify(calls)).not.toContain(pin);
  const unlock = calls.find((call) => call.procedure === 'token.unlock');
  expect(unlock?.input).toMatchObject({ sealedPin: { hostKeyId: 'a'.repeat(32) } });
});

test('a wrong PIN is told in the engine’s words and never tried again by itself', async () => {
  const value = { code: 'token.wrong-pin', message: 'Sai mã PIN.', detail: {} };
  const { calls, input, submit, onClose } = await show({
    'token.unlock': () => {
      throw new Error(JSON.stringify(value));
    },
  });
  fireEvent.change(input, { target: { value: pin } });
  submit();
  expect(await screen.findByText('Sai mã PIN.', { exact: false })).toBeTruthy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(calls.filter((call) => call.procedure === 'token.unlock')).toHaveLength(1);
  expect(onClose).not.toHaveBeenCalled();
});

test('it says what will be signed, with which key, and that one try is left', async () => {
  await show({}, sampleToken({ pinState: 'final-try', failedTries: 2 }));
  expect(await screen.findByText(/Chữ ký số của cơ quan sẽ được đặt trên 1 văn bản/)).toBeTruthy();
  expect(screen.getByText('Ủy ban nhân dân xã An Phú')).toBeTruthy();
  expect(screen.getByText(/Chỉ còn 1 lần thử.*Đã nhập sai 2 lần/)).toBeTruthy();
});

test('the last try is made only after it was confirmed', async () => {
  const { calls, input, submit, onClose } = await show(
    { 'token.unlock': () => ({}) },
    sampleToken({ pinState: 'final-try' }),
  );
  fireEvent.change(input, { target: { value: pin } });
  submit();
  expect(calls.some((call) => call.procedure === 'token.pin-key')).toBe(false);
  fireEvent.click(screen.getByRole('checkbox'));
  submit();
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(calls.find((call) => call.procedure === 'token.unlock')?.input).toMatchObject({
    lastTryConfirmed: true,
  });
});

test('a locked token takes no PIN', async () => {
  const { calls, input, submit } = await show({}, sampleToken({ pinState: 'locked' }));
  expect(input.disabled).toBe(true);
  submit();
  expect(calls.some((call) => call.procedure === 'token.pin-key')).toBe(false);
});
