import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { JobView } from '../../core/contract/document.ts';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleDocument } from '../testing/sample-documents.ts';
import { DocumentScreen } from './document-screen.tsx';

const recheck = (changes: Partial<JobView>): JobView => ({
  id: 'job-1',
  kind: 'inbound.recheck',
  subject: 'document-216',
  state: 'parked',
  attempts: 1,
  nextAt: null,
  error: { code: 'verification.recheck-failed', message: 'Chưa xác nhận.', detail: {} },
  ...changes,
});

const withJobs = (jobs: JobView[]) => sampleDocument({ view: null, jobs });

test('a letter that was not confirmed has a button for status 03, which wants a reason', async () => {
  const { bridge, calls } = createFakeBridge({
    'document.get': () => withJobs([recheck({})]),
    'document.acknowledge': () => ({ jobs: [] }),
  });
  renderInWindow(<DocumentScreen id="document-216" />, bridge);
  fireEvent.click(await screen.findByRole('button', { name: 'Báo tiếp nhận (03)' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('kết quả kiểm tra vẫn giữ nguyên');
  const reason = dialog.querySelector('textarea');
  if (!reason) throw new Error('no place for a reason');
  fireEvent.change(reason, { target: { value: 'Đã gọi nơi gửi' } });
  const buttons = [...dialog.querySelectorAll('button')];
  const confirm = buttons.find(({ textContent }) => textContent === 'Báo tiếp nhận (03)');
  if (!confirm) throw new Error('nothing to confirm with');
  fireEvent.click(confirm);
  await waitFor(() =>
    expect(calls.find(({ procedure }) => procedure === 'document.acknowledge')?.input).toMatchObject({
      reason: 'Đã gọi nơi gửi',
    }),
  );
});

test.each([
  ['waits for the network', [recheck({ state: 'waiting', error: { code: 'verification.revocation-pending', message: '', detail: {} } })]],
  ['was answered', [recheck({ state: 'done' })]],
  ['has no such check', []],
])('a letter that %s has none', async (_name, jobs) => {
  const { bridge } = createFakeBridge({ 'document.get': () => withJobs(jobs) });
  renderInWindow(<DocumentScreen id="document-216" />, bridge);
  expect(await screen.findByRole('button', { name: /Kiểm tra chữ ký/ })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Báo tiếp nhận (03)' })).toBeNull();
}); // prettier-ignore
