import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useEngineEvents } from '../engine/use-engine-events.ts';
import type { Token, TokenModule } from '../../core/contract/token.ts';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleAnswers } from '../testing/sample-answers.ts';
import { sampleKeyUri } from '../testing/sample-tokens.ts';
import { showSeconds } from './countdown.tsx';
import { TokenStrip } from './token-strip.tsx';

const path = '/usr/lib/driver.so';
const keyUri = `${sampleKeyUri}?module-path=${encodeURIComponent(path)}`;

function show(token: Partial<Token> = {}, change: Partial<TokenModule> = {}, sessions: object = {}) {
  const answers = sampleAnswers();
  const { modules } = answers['token.list']!({} as never) as { modules: TokenModule[] };
  const settings = answers['settings.get']!({} as never) as { signing: object };
  const sample = modules[0]!.tokens[0]!;
  const fake = createFakeBridge({
    'settings.get': () => ({ ...settings, signing: { ...settings.signing, keyUri } }),
    'token.sessions': () => ({ sessions: [], troubles: [], ...sessions }),
    'token.lock': () => ({}),
    'token.list': () => ({
      modules: [
        {
          ...modules[0],
          path,
          tokens: [{ ...sample, keys: [{ ...sample.keys[0], uri: keyUri }], ...token }],
          ...change,
        },
      ],
    }),
  });
  return { ...fake, ...renderInWindow(<TokenStrip />, fake.bridge) };
}

const error = (code: string) => ({ code, message: `câu của ${code}`, detail: {} });

test('the token is named as the office names it, and says that it waits for its PIN', async () => {
  show();
  expect(await screen.findByText('Thiết bị đang khóa')).toBeTruthy();
  expect(await screen.findByText('token của văn thư')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Mở khóa (1 chờ ký)' })).toBeTruthy();
});

test('an open token counts down to its own lock and is locked at a press', async () => {
  const idleLockAt = new Date(Date.now() + 125_000).toISOString();
  const { calls } = show({ unlocked: true }, {}, { sessions: [{ keyUri, busy: false, idleLockAt }] });
  expect(await screen.findByText(/^2:0[3-5]$/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Khóa ngay' }));
  await waitFor(() => expect(calls.some(({ procedure }) => procedure === 'token.lock')).toBe(true));
});

test('while it signs it says so, and can still be locked', async () => {
  show({ unlocked: true }, {}, { sessions: [{ keyUri, busy: true, idleLockAt: null }] });
  expect(await screen.findByText('Thiết bị đang làm việc')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Khóa ngay' })).toBeTruthy();
});

test.each([
  ['token.module-wrong-architecture', 'Sai bản 32/64-bit của trình điều khiển'],
  ['token.driver-timeout', 'Trình điều khiển không trả lời'],
  ['token.module-missing', 'Thiếu trình điều khiển'],
  ['token.module-load-failed', 'Không dùng được trình điều khiển'],
])('a driver with %s is told with its sentence and a way to what to do', async (code, words) => {
  show({}, { tokens: [], state: 'unusable', error: error(code) });
  expect(await screen.findByText(words)).toBeTruthy();
  expect(screen.getByTitle(`câu của ${code}`)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Cách xử lý' }).getAttribute('href')).toBe('#/diagnosis');
});

test('a crash stays told though the token is back and asks for its PIN', async () => {
  const troubles = [{ path, at: new Date().toISOString(), error: error('token.driver-crashed') }];
  show({}, {}, { troubles });
  expect(await screen.findByText('Trình điều khiển đã dừng đột ngột')).toBeTruthy();
  expect(screen.getByRole('button', { name: /Mở khóa/ })).toBeTruthy();
});

test.each([
  [{ pinState: 'final-try' }, 'Chỉ còn 1 lần thử mã PIN'],
  [{ pinState: 'locked' }, 'Thiết bị đã bị khóa'],
  [{ pinState: 'must-be-changed' }, 'Thiết bị chưa dùng được'],
] as const)('%o: %s', async (token, words) => {
  show(token);
  expect(await screen.findByText(words)).toBeTruthy();
  expect(screen.queryAllByRole('button', { name: /Mở khóa/ })).toHaveLength(
    token.pinState === 'final-try' ? 1 : 0,
  );
});

test('a certificate that ends soon is told with its days', async () => {
  const { modules } = sampleAnswers()['token.list']!({} as never) as { modules: TokenModule[] };
  const key = modules[0]!.tokens[0]!.keys[0]!;
  const notAfter = new Date(Date.now() + 12.5 * 24 * 3600 * 1000).toISOString();
  show({ keys: [{ ...key, uri: keyUri, certificate: { ...key.certificate!, notAfter } }] });
  expect(await screen.findByRole('link', { name: 'Sắp hết hạn, còn 12 ngày' })).toBeTruthy();
});

test('a PIN asked for does not come up again by itself when the token was pulled and put back', async () => {
  const answers = sampleAnswers();
  const { modules } = answers['token.list']!({} as never) as { modules: TokenModule[] };
  const settings = answers['settings.get']!({} as never) as { signing: object };
  let plugged = true;
  const fake = createFakeBridge({
    'settings.get': () => ({ ...settings, signing: { ...settings.signing, keyUri: sampleKeyUri } }),
    'token.list': () => ({ modules: plugged ? modules : [{ ...modules[0], tokens: [] }] }),
  });
  const Window = () => {
    useEngineEvents();
    return <TokenStrip />;
  };
  renderInWindow(<Window />, fake.bridge);
  fireEvent.click(await screen.findByRole('button', { name: 'Mở khóa (1 chờ ký)' }));
  expect(await screen.findByLabelText('Mã PIN')).toBeTruthy();
  for (const state of ['Chưa cắm thiết bị ký', 'Thiết bị đang khóa']) {
    plugged = !plugged;
    fake.emit('token.changed', {});
    expect(await screen.findByText(state)).toBeTruthy();
  }
  expect(screen.queryByLabelText('Mã PIN')).toBeNull();
});

test('a PIN that was typed for one token is not there for another that takes its place while the dialog is open', async () => {
  const answers = sampleAnswers();
  const { modules } = answers['token.list']!({} as never) as { modules: TokenModule[] };
  const settings = answers['settings.get']!({} as never) as { signing: object };
  const sample = modules[0]!.tokens[0]!;
  const token = (serial: string): Token => ({
    ...sample,
    id: serial,
    serial,
    pinState: 'final-try',
    keys: [{ ...sample.keys[0]!, uri: keyUri.replace('?', `;serial=${serial}?`) }],
  });
  let plugged = token('1');
  const fake = createFakeBridge({
    'settings.get': () => ({ ...settings, signing: { ...settings.signing, keyUri: sampleKeyUri } }),
    'token.sessions': () => ({ sessions: [], troubles: [] }),
    'token.list': () => ({ modules: [{ ...modules[0], path, tokens: [plugged] }] }),
  });
  const Window = () => {
    useEngineEvents();
    return <TokenStrip />;
  };
  renderInWindow(<Window />, fake.bridge);
  fireEvent.click(await screen.findByRole('button', { name: 'Mở khóa (1 chờ ký)' }));
  const typed = await screen.findByLabelText<HTMLInputElement>('Mã PIN');
  fireEvent.change(typed, { target: { value: '73951648' } });
  fireEvent.click(screen.getByRole('checkbox'));
  plugged = token('2');
  fake.emit('token.changed', {});
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Mã PIN').value).toBe(''));
  expect(typed.value).toBe('');
  expect(screen.getByRole<HTMLInputElement>('checkbox').checked).toBe(false);
});

test('seconds are shown as minutes and seconds', () => {
  expect([0, 9, 60, 299].map(showSeconds)).toEqual(['0:00', '0:09', '1:00', '4:59']);
});
