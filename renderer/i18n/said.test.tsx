import { notifications } from '@mantine/notifications';
import { waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { sentenceFor, type Language } from '../../core/contract/sentences.ts';
import { verificationMessages } from '../../core/contract/verification-messages.ts';
import type { FileReport } from '../../core/contract/verification.ts';
import { ServiceCard } from '../devices/service-card.tsx';
import { JobList } from '../document/job-list.tsx';
import { Candidates } from '../inbox/candidates.tsx';
import { StatePanel } from '../inbox/state-panel.tsx';
import { OutboxCard } from '../sync/outbox-card.tsx';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { sampleAnswers } from '../testing/sample-answers.ts';
import { sampleIntake, sampleOutbox } from '../testing/sample-documents.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { notifyError } from '../ui/notify.ts';
import { EngineError } from '../engine/engine-error.ts';
import { SignatureCard } from '../verification/signature-card.tsx';
import { VerdictSummary } from '../verification/verdict-summary.tsx';
import { LanguageProvider } from './language-provider.tsx';

// What the engine said, in the language of the window. Everything here is English but for what the engine stores in Vietnamese.

const marks = /[ăâđêôơưạảãấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏõốồổỗộớờởỡợụủũứừửữựỳỵỷỹàáèéìíòóùúý]/i;

afterEach(() => document.documentElement.removeAttribute('lang'));

/** Draws a part in a window whose settings choose a language, and gives its text once the language is there. */
async function textOf(part: ReactNode, language: Language): Promise<string> {
  const settings = sampleAnswers()['settings.get']!({} as never) as object;
  const { bridge } = createFakeBridge({ 'settings.get': () => ({ ...settings, language }) });
  document.documentElement.removeAttribute('lang');
  const { container, unmount } = renderInWindow(
    <LanguageProvider>
      <main>{part}</main>
    </LanguageProvider>,
    bridge,
  );
  const text = () => (container.querySelector('main')?.textContent ?? '').replaceAll('Ấn Thư', '');
  await waitFor(() => expect(document.documentElement.lang).toBe(language));
  await waitFor(() => (language === 'en' ? expect(text()).not.toMatch(marks) : expect(text()).not.toBe('')));
  const said = text();
  unmount();
  return said;
}

const detail = { reason: 'level.no-timestamp; http.status=503', level: 'B-B', wanted: 'B-T' };
const error = {
  code: 'signing.level-pending',
  message: sentenceFor('signing.level-pending', detail),
  detail,
};

const inEnglish = 'not yet at B-T: no timestamp could be had; HTTP 503. The signature stands';
const inVietnamese =
  'chưa lên được mức B-T: chưa lấy được dấu thời gian; máy chủ báo lỗi HTTP 503. Chữ ký vẫn có giá trị';

test.each([
  ['an error', <ErrorNotice key="part" error={error} />],
  [
    'a job that waits',
    <JobList
      key="part"
      jobs={[
        { id: 'j', kind: 'document.extend', state: 'waiting', attempts: 2, nextAt: null, error } as never,
      ]}
    />,
  ],
])('%s is said in the language of the window', async (_name, part) => {
  expect(await textOf(part, 'en')).toContain(inEnglish);
  expect(await textOf(part, 'vi')).toContain(inVietnamese);
});

test.each(['en', 'vi'] as const)('a notice that flies in is said in %s', async (language) => {
  const show = vi.spyOn(notifications, 'show').mockReturnValue('');
  await textOf(<p>ok</p>, language);
  notifyError(new EngineError(error));
  notifyError(new Error(`Error invoking remote method 'call': Error: ${JSON.stringify(error)}`));
  const seen = show.mock.calls.map(([notice]) => notice.message);
  show.mockRestore();
  expect(seen).toHaveLength(2);
  for (const sentence of seen) expect(sentence).toContain(language === 'en' ? inEnglish : inVietnamese);
});

/** A report with every message that there is, as it is stored: codes and Vietnamese words. */
function reportOfEverything(): FileReport {
  const messages = Object.entries(verificationMessages).map(([code, words]) => ({ code, text: words.vi }));
  const [signature] = sampleReport().signatures;
  const signer = { ...signature!.signer!, name: 'UBND An Phu', organization: '', issuer: 'CA' };
  return {
    ...sampleReport(),
    verdict: 'indeterminate',
    advice: 'ask',
    messages: messages.slice(0, 5) as FileReport['messages'],
    signatures: [
      {
        ...signature!,
        signer,
        indication: 'INDETERMINATE',
        messages: messages as FileReport['messages'],
      },
    ],
    error: {
      code: 'pdf.damaged',
      message: sentenceFor('pdf.damaged', { reason: 'xref-loop' }),
      detail: { reason: 'xref-loop' },
    },
  };
}

test('the view of a stored judgement holds no Vietnamese in English, and the stored words in Vietnamese', async () => {
  const report = reportOfEverything();
  const view = (
    <>
      <VerdictSummary report={report} advice="shown" />
      <SignatureCard signature={report.signatures[0]!} />
    </>
  );
  const english = await textOf(view, 'en');
  expect(english).not.toMatch(marks);
  for (const { en } of Object.values(verificationMessages)) expect(english).toContain(en);
  expect(english).toContain('(the cross-reference tables point in a circle)');
  const stored = { ...report.signatures[0]!, messages: [{ ...report.messages[0]!, text: 'Câu đã lưu.' }] };
  expect(await textOf(<SignatureCard signature={stored} />, 'vi')).toContain('Câu đã lưu.');
});

test('a received file with its warnings and its error holds no Vietnamese in English', async () => {
  const dpi = { page: 2, dpi: 150 };
  const item = sampleIntake({
    state: 'held',
    warnings: [
      {
        code: 'intake.low-resolution',
        message: sentenceFor('intake.low-resolution', dpi),
        detail: dpi,
      },
      {
        code: 'concern.javascript',
        message: 'Tệp chứa mã chạy tự động (JavaScript) (trang 2).',
        detail: { pages: '2' },
      },
      { code: 'reading.not-read', message: sentenceFor('reading.not-read') },
    ],
    error: {
      code: 'scanner.unavailable',
      message: sentenceFor('scanner.unavailable', { reason: 'ECONNREFUSED' }),
      detail: { reason: 'ECONNREFUSED' },
    },
  });
  const english = await textOf(<StatePanel item={item} onDone={() => undefined} />, 'en');
  expect(english).toContain('The resolution is below 200 dpi (page 2: 150 dpi)');
  expect(english).toContain('(JavaScript) and can change what is shown (page 2).');
  expect(english).toContain('does not answer (ECONNREFUSED)');
});

test('how the services are is said in the language of the window', async () => {
  const { services } = sampleAnswers()['services.status']!({} as never) as {
    services: Parameters<typeof ServiceCard>[0]['service'][];
  };
  const cards = services.map((service) => <ServiceCard key={service.name} service={service} />);
  const english = await textOf(cards, 'en');
  expect(english).toContain('ClamAV 1.4.3, database 27824.');
  expect(english).toContain('Documents are signed without a timestamp.');
  expect(await textOf(cards, 'vi')).toContain('Ký không kèm dấu thời gian.');
});

test('what the outbox sends and what waits in a scan folder is said in the language of the window', async () => {
  const entry = { ...sampleOutbox().at(-1)!, receipt: null };
  const error = (code: 'intake.incomplete', detail: Record<string, string | number>) => ({
    code,
    detail,
    message: sentenceFor(code, detail),
  });
  const candidate = {
    path: '/quet/a.pdf',
    name: 'a.pdf',
    bytes: 10,
    state: 'incomplete' as const,
    since: '2026-11-21T08:00:00+07:00',
    error: error('intake.incomplete', { name: 'a.pdf', minutes: 5, reason: 'scan.no-end' }),
  };
  const parts = [
    <OutboxCard key="outbox" entry={entry} />,
    <Candidates key="candidates" candidates={[candidate]} />,
  ];
  const english = await textOf(parts, 'en');
  expect(english).toContain('Arrival number 216/2026: 1416/SNV-CCHC');
  expect(english).toContain('still not complete after 5 minutes (its end is not there)');
  const vietnameseText = await textOf(parts, 'vi');
  expect(vietnameseText).toContain('Số đến 216/2026: 1416/SNV-CCHC');
  expect(vietnameseText).toContain('sau 5 phút (chưa có phần cuối)');
});
