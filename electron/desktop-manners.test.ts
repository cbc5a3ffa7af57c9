import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseStart, settleIntoDesktop, shellPreferences } from './desktop-manners.ts';

/** The list of Windows: an entry is found only by the words with which it was made. */
const windows = vi.hoisted(() => {
  const entries = new Set<string>();
  const ids: string[] = [];
  const words = (args: readonly string[] = []): string => args.join(' ');
  const app = {
    setAppUserModelId: (id: string) => void ids.push(id),
    getLoginItemSettings: ({ args }: { args?: string[] } = {}) => ({ openAtLogin: entries.has(words(args)) }),
    setLoginItemSettings: ({ openAtLogin, args }: { openAtLogin: boolean; args?: string[] }) =>
      void (openAtLogin ? entries.add(words(args)) : entries.delete(words(args))),
  };
  return { entries, ids, app };
});
vi.mock('electron', () => ({ app: windows.app }));

const { platform } = process;
beforeEach(() => {
  windows.entries.clear();
  Object.defineProperty(process, 'platform', { value: 'win32' });
});
afterEach(() => void Object.defineProperty(process, 'platform', { value: platform }));

const free = { notifications: true, updates: 'bundle' } as const;

test('on Windows the start with the session is shown as it was chosen', () => {
  expect(shellPreferences(free)).toMatchObject({ startWithSystem: false, startIsFixed: false });
  expect(chooseStart(true, free)).toMatchObject({ startWithSystem: true });
  expect(chooseStart(false, free)).toMatchObject({ startWithSystem: false });
});

test('what the administrator fixed is entered at the start, and no choice changes it', () => {
  const fixed = { ...free, startWithSystem: true };
  settleIntoDesktop(fixed);
  expect(chooseStart(false, fixed)).toMatchObject({ startWithSystem: true, startIsFixed: true });
});

test('the id under which Windows shows notices is the one of the packages', () => {
  settleIntoDesktop(free);
  const builder = readFileSync(join(import.meta.dirname, '..', 'electron-builder.yml'), 'utf8');
  expect(windows.ids.at(-1)).toBe(/^appId: (\S+)$/m.exec(builder)?.[1]);
});
