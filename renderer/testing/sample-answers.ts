import { sampleArrival, sampleDocument, sampleHash, sampleItems, sampleOutbox } from './sample-documents.ts';
import {
  sampleChoices,
  sampleEntry,
  sampleKeyUri,
  sampleModules,
  sampleSealingList,
} from './sample-tokens.ts';

const total = 217;

/** What the fake engine answers unless a test says otherwise. */
export function sampleAnswers(): Record<string, (input: never) => unknown> {
  return {
    'engine.status': () => ({
      version: '0.1.0',
      dataDir: '/var/lib/an-thu',
      startedAt: '2026-11-21T08:00:00+07:00',
      readyMs: 84,
      agencies: [
        {
          id: 'agency-1',
          name: 'Ủy ban nhân dân xã An Phú',
          parentName: 'Ủy ban nhân dân tỉnh Gia Lai',
          organId: 'H21.99.01',
          place: 'An Phú',
          demo: true,
        },
      ],
      demo: true,
      counts: { proposed: 3, attention: 1, waitingForToken: 1, waitingForLevel: 0, outboxPending: 2 },
    }),
    'services.status': () => ({
      services: [
        {
          name: 'scanner',
          state: 'ok',
          said: [
            {
              code: 'service.scanner-undated',
              message: 'ClamAV 1.4.3, cơ sở dữ liệu 27824.',
              detail: { engine: 'ClamAV 1.4.3', database: '27824' },
            },
          ],
          detail: { engine: 'ClamAV 1.4.3', database: '27812', databaseDate: '2026-11-20T09:25:00Z' },
        },
        {
          name: 'server',
          state: 'unavailable',
          said: [
            {
              code: 'sync.server-away',
              message: 'Chưa liên lạc được với hệ thống của tỉnh (không trả lời trong 5 giây).',
              detail: { reason: 'http.no-answer=5000' },
            },
          ],
          detail: { url: 'http://127.0.0.1:8080' },
        },
        {
          name: 'tsa',
          state: 'off',
          said: [{ code: 'service.tsa-off', message: 'Ký không kèm dấu thời gian.' }],
          detail: {},
        },
        {
          name: 'ocr',
          state: 'ok',
          said: [
            { code: 'service.server-ready', message: 'Tesseract 5', detail: { serverName: 'Tesseract 5' } },
          ],
          detail: { version: 'tesseract.js 7.0.0' },
        },
      ],
    }),
    'settings.get': () => ({
      watchedFolders: [{ path: '/srv/scan/an-phu', polling: false }],
      scanner: { mode: 'clamd', socketPath: '/run/clamd.ctl', host: null, port: null, maxMegabytes: 100 },
      signing: {
        keyUri: sampleKeyUri,
        level: 'B-B',
        tsaUrl: null,
        modules: [],
        softTokens: [],
        sending: 'at-once',
        arrivalStamp: 'none',
      },
      sync: { serverUrl: 'http://127.0.0.1:8080', officeId: 'H21.99.01', everySeconds: 60 },
      settle: { quietMs: 500, incompleteAfterMs: 60_000 },
      language: 'vi',
      clerkName: null,
    }),
    'intake.list': () => ({ items: sampleItems(), candidates: [] }),
    'intake.accept': () => ({
      arrivalId: 'arrival-218',
      documentId: 'document-218',
      year: 2026,
      number: 218,
    }),
    'register.registers': () => ({
      registers: [
        {
          id: 'reg-1',
          agencyId: 'agency-1',
          kind: 'arrival',
          name: 'Sổ đăng ký văn bản đến',
          years: [2025, 2026],
        },
      ],
    }),
    'register.list': ({ offset, limit }: { offset: number; limit: number }) => ({
      rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) =>
        sampleArrival(total - offset - index, index === 1 && offset === 0 ? { delivery: 'pending' } : {}),
      ),
      total,
    }),
    'register.get': () => sampleArrival(216),
    'register.duplicates': () => ({ rows: [] }),
    'document.get': () => sampleDocument(),
    'sync.status': () => ({
      serverUrl: 'http://127.0.0.1:8080',
      online: false,
      lastContactAt: '2026-11-21T07:58:00+07:00',
      lastError: null,
      pending: 1,
      blocked: 1,
      acked: 215,
      setAside: 0,
      running: false,
    }),
    'sync.list': () => ({ entries: sampleOutbox() }),
    'token.list': () => ({ modules: sampleModules() }),
    'token.sessions': () => ({ sessions: [], troubles: [] }),
    'token.choices': sampleChoices,
    'token-register.list': () => ({ entries: [sampleEntry()] }),
    'tokens.diagnose': () => ({ platform: 'linux', architecture: 'x64', modules: [], advice: [], ms: 12 }),
    'sealing.list': () => sampleSealingList(),
    'audit.list': () => ({
      entries: Array.from({ length: 30 }, (_, index) => ({
        sequence: 1000 - index,
        at: '2026-11-20T08:12:00+07:00',
        actor: 'Văn thư',
        action: ['sync.acked', 'document.sealed', 'register.entered', 'intake.proposed'][index % 4]!,
        subject: `document-${216 - Math.floor(index / 4)}`,
        data: {},
        hash: sampleHash(500 - index),
      })),
    }),
    'audit.verify': () => ({ ok: true, entries: 1000, head: sampleHash(500), brokenAt: null }),
  };
}
