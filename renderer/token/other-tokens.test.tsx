import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Token, TokenModule } from '../../core/contract/token.ts';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleAnswers } from '../testing/sample-answers.ts';
import { sampleKeyUri } from '../testing/sample-tokens.ts';
import { TokenStrip } from './token-strip.tsx';

const leaderUri = 'pkcs11:token=Chu%20tich;serial=77;id=%02';

/** The strip with the agency's token and a leader's beside it. */
function show(leader: Partial<Token> = {}, answers: Record<string, (input: never) => unknown> = {}) {
  const sample = sampleAnswers();
  const { modules } = sample['token.list']!({} as never) as { modules: TokenModule[] };
  const [agency] = modules[0]!.tokens;
  const second: Token = {
    ...agency!,
    id: 'leader',
    label: 'Chu tich',
    serial: '77',
    keys: [{ ...agency!.keys[0]!, uri: leaderUri, label: 'Chủ tịch', id: '02' }],
    ...leader,
  };
  const settings = sample['settings.get']!({} as never) as { signing: object };
  const fake = createFakeBridge({
    'settings.get': () => ({ ...settings, signing: { ...settings.signing, keyUri: sampleKeyUri } }),
    'token.list': () => ({ modules: [{ ...modules[0], tokens: [agency, second] }] }),
    'token.lock': () => ({}),
    ...answers,
  });
  return { ...fake, ...renderInWindow(<TokenStrip />, fake.bridge) };
}

async function openList(name = 'Thiết bị khác: 1'): Promise<HTMLElement> {
  fireEvent.click(await screen.findByRole('button', { name }));
  return await screen.findByRole('dialog', { name });
}

test('a second token is opened in a dialog that says it signs no document', async () => {
  show();
  const list = await openList();
  expect(within(list).getByText('Những thiết bị này không ký văn bản chờ ký.')).toBeTruthy();
  fireEvent.click(within(list).getByRole('button', { name: 'Mở khóa' }));
  expect(await screen.findByText('Mở thiết bị này không ký văn bản nào.')).toBeTruthy();
  expect(screen.getByText('Mở khóa thiết bị khác')).toBeTruthy();
  expect(screen.queryByText('Những thiết bị này không ký văn bản chờ ký.')).toBeNull();
});

test('the list is closed by Escape although nothing in it has the focus', async () => {
  show();
  await openList();
  fireEvent.keyDown(document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('while it is open the strip says so, and it is tried and locked by itself', async () => {
  const { calls } = show(
    { unlocked: true },
    { 'token.try-key': () => ({ keyType: 'rsa', bits: 2048, ms: 12 }) },
  );
  const list = await openList('Thiết bị khác: 1 đang mở');
  fireEvent.click(within(list).getByRole('button', { name: 'Ký thử' }));
  await waitFor(() =>
    expect(calls.find(({ procedure }) => procedure === 'token.try-key')?.input).toEqual({
      keyUri: leaderUri,
    }),
  );
  fireEvent.click(within(list).getByRole('button', { name: 'Khóa ngay' }));
  await waitFor(() =>
    expect(calls.find(({ procedure }) => procedure === 'token.lock')?.input).toEqual({ keyUri: leaderUri }),
  );
});

test('a locked one offers no PIN, and one without a name can be given one', async () => {
  show({ pinState: 'locked' });
  const list = await openList();
  expect(within(list).getByText('Thiết bị đã bị khóa')).toBeTruthy();
  expect(within(list).queryByRole('button', { name: 'Mở khóa' })).toBeNull();
  fireEvent.click(within(list).getByRole('button', { name: 'Đặt tên' }));
  expect(await screen.findByText('Vào sổ chứng thư đang cắm')).toBeTruthy();
});

test('where only the agency’s token is plugged in nothing else is shown', async () => {
  renderInWindow(<TokenStrip />, createFakeBridge().bridge);
  await screen.findByText('Thiết bị đang khóa');
  expect(screen.queryByRole('button', { name: /Thiết bị khác/ })).toBeNull();
});
