import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Token } from '../../core/contract/token.ts';
import type { Bridge } from '../engine/bridge.ts';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleAnswers } from '../testing/sample-answers.ts';
import { sampleSealing, sampleSealingList } from '../testing/sample-tokens.ts';
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
  renderInWindow(
    <PinDialog token={token} signingKey={token.keys[0]!} use="sealing" onClose={onClose} />,
    fake.bridge,
  );
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

describe('a dialog that is cancelled', () => {
  /** An engine whose answer to one procedure is held back. */
  async function holding(procedure: string) {
    const held = Promise.withResolvers<void>();
    const key = await pinKey();
    const fake = createFakeBridge({
      'token.pin-key': () => key,
      'token.unlock': () => ({}),
      'token.lock': () => ({}),
    });
    const bridge: Bridge = {
      ...fake.bridge,
      call: async (name, input) => {
        const answer = await fake.bridge.call(name, input);
        if (name === procedure) await held.promise;
        return answer;
      },
    };
    const onClose = vi.fn();
    const token = sampleToken();
    renderInWindow(
      <PinDialog token={token} signingKey={token.keys[0]!} use="sealing" onClose={onClose} />,
      bridge,
    );
    const input = screen.getByLabelText<HTMLInputElement>('Mã PIN');
    fireEvent.change(input, { target: { value: pin } });
    fireEvent.submit(input.closest('form')!);
    const asked = (name: string) => fake.calls.filter((call) => call.procedure === name);
    await waitFor(() => expect(asked(procedure)).toHaveLength(1));
    fireEvent.click(screen.getByRole('button', { name: 'Hủy bỏ' }));
    expect(onClose).toHaveBeenCalledTimes(1);
    return { asked, goOn: held.resolve, keyUri: token.keys[0]!.uri };
  }

  test('before the PIN was sent sends none', async () => {
    const { asked, goOn } = await holding('token.pin-key');
    goOn();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked('token.unlock')).toEqual([]);
  });

  test('while the token looks at the PIN locks it again, so that nothing is signed', async () => {
    const { asked, goOn, keyUri } = await holding('token.unlock');
    await waitFor(() => expect(asked('token.lock').map(({ input }) => input)).toEqual([{ keyUri }]));
    goOn();
  });
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
  expect(screen.getByRole('button', { name: 'Mở khóa và ký 1 văn bản' })).toBeTruthy();
  expect(screen.getByText('Ủy ban nhân dân xã An Phú')).toBeTruthy();
  expect(screen.getByText(/Chỉ còn 1 lần thử.*Đã nhập sai 2 lần/)).toBeTruthy();
});

test('a wrong password of a file is told, and nothing beside it says that there was none', async () => {
  await show({}, sampleToken({ kind: 'soft', pinState: 'ok', failedTries: 1 }));
  expect(screen.getByText('Đã nhập sai 1 lần.')).toBeTruthy();
  expect(screen.queryByText(/chưa có lần nhập sai/)).toBeNull();
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

test('the engine’s own count can ask for the confirmation too, and each last try is agreed to anew', async () => {
  const value = {
    code: 'token.last-try-needs-confirmation',
    message: 'Có thể chỉ còn một lượt thử.',
    detail: {},
  };
  const { calls, input, submit } = await show({
    'token.unlock': () => {
      throw new Error(JSON.stringify(value));
    },
  });
  expect(screen.queryByRole('checkbox')).toBeNull();
  fireEvent.change(input, { target: { value: pin } });
  submit();
  const box = await screen.findByRole<HTMLInputElement>('checkbox');
  fireEvent.click(box);
  fireEvent.change(input, { target: { value: pin } });
  submit();
  await waitFor(() => expect(calls.filter((call) => call.procedure === 'token.unlock')).toHaveLength(2));
  await waitFor(() => expect(box.checked).toBe(false));
  expect(calls.findLast((call) => call.procedure === 'token.unlock')?.input).toMatchObject({
    lastTryConfirmed: true,
  });
});

test('a token with a PIN pad is asked without a PIN', async () => {
  const key = await pinKey();
  const fake = createFakeBridge({ 'token.pin-key': () => key, 'token.unlock': () => ({}) });
  const onClose = vi.fn();
  const token = sampleToken({ pinPad: true });
  renderInWindow(
    <PinDialog token={token} signingKey={token.keys[0]!} use="sealing" onClose={onClose} />,
    fake.bridge,
  );
  expect(screen.queryByLabelText('Mã PIN')).toBeNull();
  fireEvent.click(await screen.findByRole('button', { name: 'Mở khóa và ký 1 văn bản' }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  const unlock = fake.calls.find((call) => call.procedure === 'token.unlock');
  expect(unlock?.input).not.toHaveProperty('sealedPin');
  expect(fake.calls.some((call) => call.procedure === 'token.pin-key')).toBe(false);
});

test('what was typed is never cut to the token’s longest PIN: the rest would be another PIN, and cost a try', async () => {
  const { input } = await show({}, sampleToken({ pinLength: { min: 4, max: 8 } }));
  expect(input.maxLength).toBe(-1);
});

test('one consent shows the whole list, and what is parked or stopped is not in it', async () => {
  const items = [
    ...Array.from({ length: 12 }, (_, n) =>
      sampleSealing({ documentId: `d${n}`, number: n + 1, subject: `Văn bản thứ ${n + 1}` }),
    ),
    sampleSealing({ documentId: 'parked', state: 'parked', subject: 'Văn bản lỗi' }),
    sampleSealing({ documentId: 'held', state: 'held', subject: 'Văn bản lỗi khi dừng' }),
  ];
  await show({ 'sealing.list': () => sampleSealingList(items) });
  expect(await screen.findByText(/đặt trên 12 văn bản/)).toBeTruthy();
  expect(screen.getAllByText(/Văn bản thứ/)).toHaveLength(12);
  expect(screen.queryByText(/Văn bản lỗi/)).toBeNull();
});

test('another token than the agency’s is unlocked for no document, and the dialog says what for', async () => {
  const fake = createFakeBridge();
  const token = sampleToken();
  const part = <PinDialog token={token} signingKey={token.keys[0]!} use="other" onClose={() => undefined} />;
  renderInWindow(part, fake.bridge);
  expect(await screen.findByText('Mở thiết bị này không ký văn bản nào.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Mở khóa' })).toBeTruthy();
  expect(screen.queryByText(/sẽ được đặt trên/)).toBeNull();
});
