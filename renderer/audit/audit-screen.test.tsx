import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleHash } from '../testing/sample-documents.ts';
import { AuditScreen } from './audit-screen.tsx';

test('the log says in words what was done to what', async () => {
  const entry = { at: '2026-11-20T08:12:00+07:00', actor: 'Văn thư', data: {}, hash: sampleHash(1) };
  const { bridge } = createFakeBridge({
    'audit.list': () => ({
      entries: [
        { ...entry, sequence: 5, action: 'sealing.held', subject: 'sealing' },
        { ...entry, sequence: 4, action: 'token.tried', subject: 'token' },
        { ...entry, sequence: 3, action: 'archive.checked', subject: 'archive' },
        { ...entry, sequence: 2, action: 'settings.changed', subject: 'settings' },
        { ...entry, sequence: 1, action: 'register.entered', subject: 'document-216' },
      ],
    }),
  });
  renderInWindow(<AuditScreen />, bridge);
  const rows = (await screen.findAllByRole('row')).slice(1).map((row) =>
    within(row)
      .getAllByRole('cell')
      .slice(2, 4)
      .map((cell) => cell.textContent),
  );
  expect(rows).toEqual([
    ['Tạm dừng ký', 'Hàng chờ ký'],
    ['Ký thử bằng thiết bị', 'Thiết bị ký'],
    ['Kiểm tra toàn vẹn kho lưu trữ', 'Kho lưu trữ'],
    ['Thay đổi cài đặt', 'Cài đặt'],
    ['Vào sổ, cấp số đến', 'document-216'],
  ]);
});
