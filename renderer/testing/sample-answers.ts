import type { Arrival } from '../../core/contract/register.ts';
import type { IntakeItem } from '../../core/contract/intake.ts';
import type { DocumentDetail } from '../../core/contract/document.ts';
import type { OutboxEntry } from '../../core/contract/sync.ts';
import type { CertificateChoice } from '../../core/contract/certificate-choice.ts';
import type { SealingItem, SealingList } from '../../core/contract/sealing.ts';
import type { TokenModule } from '../../core/contract/token.ts';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import { sampleReport } from './sample-report.ts';

export const sampleKeyUri = 'pkcs11:token=UBND%20xa%20An%20Phu;object=agency';

export const sampleHash = (n: number): string => n.toString(16).padStart(64, 'a');

/** Ten thousand entries, newest first, made on demand. */
export function sampleArrival(number: number, change: Partial<Arrival> = {}): Arrival {
  const issuers = [
    'Ủy ban nhân dân tỉnh Gia Lai',
    'Sở Nội vụ tỉnh Gia Lai',
    'Văn phòng Hội đồng nhân dân và Ủy ban nhân dân',
    'Sở Nông nghiệp và Môi trường',
    'Công an tỉnh Gia Lai',
  ];
  const subjects = [
    'V/v rà soát, báo cáo tình hình thiệt hại do mưa lũ và phương án hỗ trợ người dân vùng ngập',
    'Triển khai kế hoạch cải cách hành chính quý IV năm 2026',
    'Mời họp giao ban công tác văn thư, lưu trữ',
    'V/v đôn đốc giải ngân vốn đầu tư công đường liên thôn Ia Nueng – Ia Sao',
    'Phê duyệt danh sách hộ nghèo, hộ cận nghèo năm 2026',
  ];
  const types = ['Công văn', 'Kế hoạch', 'Giấy mời', 'Công văn', 'Quyết định'];
  const notations = ['UBND-KTTH', 'KH-SNV', 'GM-VP', 'SNNMT-QLXD', 'QĐ-CAT'];
  const n = number % 5;
  return {
    id: `arrival-${number}`,
    registerId: 'reg-1',
    year: 2026,
    number,
    suffix: '',
    arrivalDate: '2026-11-20',
    issuer: issuers[n]!,
    docNumber: String(1200 + number),
    docNotation: notations[n]!,
    docDate: '2026-11-18',
    typeName: types[n]!,
    subject: subjects[n]!,
    receiver: n === 2 ? '' : 'Phòng Kinh tế',
    transferDate: n === 2 ? null : '2026-11-20',
    receivedBy: n === 2 ? '' : 'Rơ Châm H’Lan',
    note: '',
    urgency: n === 3 ? 'khan' : 'thuong',
    dueDate: null,
    signerName: 'Nguyễn Văn Đức',
    origin: n === 1 ? 'electronic' : 'paper',
    registeredAt: '2026-11-20T08:12:00+07:00',
    voidedAt: null,
    voidReason: null,
    documentId: `document-${number}`,
    documentState: 'sealed',
    levelPending: false,
    delivery: 'acked',
    ...change,
  };
}

const box = (x: number, y: number, w: number, h: number) => ({ page: 0, x, y, w, h });
const field = <T>(value: T, confidence: number, at?: ReturnType<typeof box>) => ({
  value,
  confidence,
  source: 'ocr' as const,
  ...(at ? { box: at } : {}),
});

/** A scanned công văn that waits for the clerk. */
export function sampleIntake(change: Partial<IntakeItem> = {}): IntakeItem {
  return {
    id: 'intake-1',
    origin: 'paper',
    source: 'folder',
    originalName: 'scan_20261121_0830_cong-van.pdf',
    receivedAt: '2026-11-21T08:30:12+07:00',
    bytes: 912_384,
    sha256: sampleHash(1),
    pdfSha256: sampleHash(1),
    state: 'proposed',
    error: null,
    virusCheck: {
      verdict: 'clean',
      reply: 'stream: OK',
      engine: 'ClamAV 1.4.3',
      database: '27812',
      databaseDate: '2026-11-20T09:25:00Z',
      at: '2026-11-21T08:30:13+07:00',
    },
    facts: { pages: 2, dpi: 200, colour: 'colour', mediaType: 'application/pdf', signed: false },
    proposal: {
      docNumber: field('1045', 0.97, box(0.13, 0.118, 0.1, 0.02)),
      docNotation: field('UBND-KTTH', 0.93, box(0.22, 0.118, 0.16, 0.02)),
      docDate: field('2026-11-19', 0.95, box(0.52, 0.118, 0.36, 0.02)),
      issuer: field('Ủy ban nhân dân tỉnh Gia Lai', 0.91, box(0.12, 0.06, 0.28, 0.04)),
      typeId: field(18, 0.88),
      typeName: field('Công văn', 0.88),
      subject: field(
        'V/v rà soát, báo cáo tình hình thiệt hại do mưa lũ và phương án hỗ trợ người dân vùng ngập',
        0.74,
        box(0.12, 0.14, 0.3, 0.05),
      ),
      urgency: field('thuong' as const, 0.8),
      secrecy: null,
      signerName: field('Nguyễn Văn Đức', 0.52, box(0.6, 0.82, 0.25, 0.03)),
      ms: 1180,
      engine: 'tesseract.js 7.0.0 vie',
    },
    verification: null,
    packageVerification: null,
    duplicates: [],
    warnings: [],
    arrivalId: null,
    ...change,
  };
}

function sampleItems(): IntakeItem[] {
  return [
    sampleIntake(),
    sampleIntake({
      id: 'intake-2',
      originalName: 'scan_20261121_0834.jpg',
      receivedAt: '2026-11-21T08:34:40+07:00',
      warnings: [
        {
          code: 'intake.low-dpi',
          message: 'Độ phân giải 150 dpi, thấp hơn 200 dpi theo quy định. Nên quét lại.',
        },
      ],
    }),
    sampleIntake({
      id: 'intake-3',
      origin: 'electronic',
      source: 'inbox',
      originalName: '05-BC-UBND.edxml',
      receivedAt: '2026-11-21T08:40:00+07:00',
      verification: sampleReport(),
    }),
    sampleIntake({
      id: 'intake-4',
      originalName: 'quyet-dinh.tif',
      receivedAt: '2026-11-21T08:50:00+07:00',
      state: 'reading',
      proposal: null,
    }),
    sampleIntake({
      id: 'intake-5',
      originalName: 'scan_eicar.pdf',
      receivedAt: '2026-11-21T08:51:00+07:00',
      state: 'quarantined',
      proposal: null,
      pdfSha256: null,
      error: {
        code: 'scanner.infected',
        message: 'Phát hiện vi-rút Eicar-Test-Signature. Tệp đã được cách ly, không vào sổ và không được mở.',
        detail: {},
      },
    }),
  ];
}

function sampleOutbox(): OutboxEntry[] {
  const entry: OutboxEntry = {
    id: 'out-1',
    kind: 'arrival-record',
    label: 'Số đến 216/2026 – 1416/SNV-CCHC',
    documentId: 'document-216',
    state: 'acked',
    attempts: 1,
    createdAt: '2026-11-20T08:12:05+07:00',
    nextAttemptAt: null,
    ackedAt: '2026-11-20T08:12:07+07:00',
    error: null,
    receipt: {
      operationId: '01JD8Y2M7Q9R4T',
      sha256: sampleHash(7),
      serverSequence: 4182,
      receivedAt: '2026-11-20T08:12:07+07:00',
      serverName: 'Hệ thống quản lý văn bản tỉnh (mẫu)',
    },
  };
  const error = {
    code: 'sync.server-unreachable',
    message: 'Không liên lạc được hệ thống tỉnh. Văn bản vẫn an toàn trong hàng đợi và sẽ tự gửi lại.',
    detail: {},
  };
  return [
    {
      ...entry,
      id: 'out-2',
      label: 'Số đến 217/2026 – 1417/GM-VP',
      state: 'pending',
      attempts: 2,
      nextAttemptAt: '2026-11-21T08:45:00+07:00',
      ackedAt: null,
      receipt: null,
      error,
    },
    { ...entry, id: 'out-3', label: 'Số đến 215/2026 – 1415/QĐ-CAT', state: 'blocked', receipt: null, error },
    entry,
  ];
}

function sampleModules(): TokenModule[] {
  return [
    {
      kind: 'pkcs11',
      path: '/usr/lib/softhsm/libsofthsm2.so',
      state: 'ready',
      error: null,
      description: 'SoftHSM 2.6',
      slots: [],
      tokens: [
        {
          id: 'softhsm-1',
          kind: 'pkcs11',
          label: 'UBND xa An Phu',
          manufacturer: 'SoftHSM project',
          model: 'SoftHSM v2',
          serial: '2f81d0c6a1b2c3d4',
          slot: '0',
          pinState: 'ok',
          pinLength: { min: 4, max: 255 },
          failedTries: 0,
          pinPad: false,
          unlocked: false,
          keys: [
            {
              uri: sampleKeyUri,
              label: 'agency',
              id: '01',
              keyType: 'rsa',
              bits: 3072,
              certificate: {
                der: 'AA==',
                commonName: 'Ủy ban nhân dân xã An Phú',
                organization: 'UBND tỉnh Gia Lai',
                issuer: 'CA phục vụ các cơ quan Nhà nước (mẫu)',
                notBefore: '2026-01-01T00:00:00Z',
                notAfter: '2029-01-01T00:00:00Z',
                serial: '54010203a4b5c6d7',
                fingerprint: sampleHash(9),
              },
            },
          ],
        },
      ],
    },
  ];
}

function sampleChoices(): { choices: CertificateChoice[] } {
  const token = sampleModules()[0]!.tokens[0]!;
  const key = token.keys[0]!;
  return {
    choices: [
      {
        keyUri: key.uri,
        tokenId: token.id,
        tokenLabel: token.label,
        tokenKind: token.kind,
        keyLabel: key.label,
        certificate: key.certificate,
        rememberedName: 'token của văn thư',
        assessment: {
          owner: 'agency',
          ownerSource: 'register',
          class: 'official',
          chain: 'reaches-anchor',
          validity: 'in-force',
          daysLeft: 770,
          fit: 'right',
          obstacle: null,
        },
      },
    ],
  };
}

/** A line of the register of tokens, for the key of {@link sampleModules}. */
export function sampleEntry(change: Partial<TokenEntry> = {}): TokenEntry {
  return {
    id: 'entry-1',
    kind: 'pkcs11',
    manufacturer: 'SoftHSM project',
    serial: '2f81d0c6a1b2c3d4',
    keyId: '01',
    fingerprint: sampleHash(9),
    tokenLabel: 'UBND xa An Phu',
    subject: 'Ủy ban nhân dân xã An Phú',
    organization: 'UBND tỉnh Gia Lai',
    issuer: 'CA phục vụ các cơ quan Nhà nước (mẫu)',
    certificateSerial: '54010203a4b5c6d7',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2029-01-01T00:00:00Z',
    daysLeft: 770,
    name: 'token của văn thư',
    holder: 'Rơ Châm H’Lan',
    purpose: 'agency',
    note: '',
    registeredAt: '2026-01-05T01:00:00Z',
    retiredAt: null,
    retiredReason: null,
    handovers: [
      {
        id: 'handover-1',
        number: 3,
        entryId: 'entry-1',
        date: '2026-02-02',
        givenBy: 'Nguyễn Văn Đức',
        receivedBy: 'Rơ Châm H’Lan',
        note: 'kèm hộp',
        recordedAt: '2026-02-02T02:00:00Z',
        recordedBy: 'Văn thư',
      },
    ],
    ...change,
  };
}

/** A digitized arrival that waits for the token. */
export function sampleSealing(change: Partial<SealingItem> = {}): SealingItem {
  const arrival = sampleArrival(217);
  return {
    documentId: arrival.documentId,
    arrivalId: arrival.id,
    number: arrival.number,
    suffix: arrival.suffix,
    year: arrival.year,
    docNumber: arrival.docNumber,
    docNotation: arrival.docNotation,
    issuer: arrival.issuer,
    subject: arrival.subject,
    state: 'waiting',
    error: { code: 'token.not-unlocked', message: 'Thiết bị đang khóa. Chưa có gì được ký.', detail: {} },
    ...change,
  };
}

/** The queue before the token. */
export function sampleSealingList(
  items: SealingItem[] = [sampleSealing()],
  change: Partial<SealingList> = {},
): SealingList {
  const counts = { ready: 0, running: 0, waiting: 0, held: 0, parked: 0 };
  for (const { state } of items) counts[state]++;
  return { held: false, items, total: items.length, counts, done: 0, ...change };
}

export function sampleDocument(change: Partial<DocumentDetail> = {}): DocumentDetail {
  const arrival = sampleArrival(216);
  const at = '2026-11-20T08:12:00+07:00';
  const entry = { actor: 'Văn thư', subject: arrival.documentId, data: {}, hash: sampleHash(3) };
  return {
    id: arrival.documentId,
    arrival,
    intakeId: 'intake-9',
    view: sampleHash(1),
    objects: [
      {
        sha256: sampleHash(2),
        role: 'received',
        mediaType: 'image/jpeg',
        name: 'scan.jpg',
        bytes: 801_233,
        storedAt: at,
      },
      {
        sha256: sampleHash(1),
        role: 'sealed',
        mediaType: 'application/pdf',
        name: 'scan.pdf',
        bytes: 853_102,
        storedAt: at,
      },
    ],
    checks: [{ id: 'check-1', sha256: sampleHash(1), checkedAt: at, report: sampleReport() }],
    level: { reached: 'B-T', wanted: 'B-T', pending: false },
    history: [
      { ...entry, sequence: 981, at, action: 'intake.received' },
      { ...entry, sequence: 982, at, action: 'register.entered' },
      { ...entry, sequence: 983, at, action: 'document.sealed' },
    ],
    outbox: sampleOutbox().slice(2),
    jobs: [],
    ...change,
  };
}

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
          text: 'Bộ quét vi-rút sẵn sàng.',
          detail: { engine: 'ClamAV 1.4.3', database: '27812', databaseDate: '2026-11-20T09:25:00Z' },
        },
        {
          name: 'server',
          state: 'unavailable',
          text: 'Chưa liên lạc được hệ thống tỉnh.',
          detail: { url: 'http://127.0.0.1:8080' },
        },
        { name: 'tsa', state: 'off', text: 'Ký mức B-B, không dùng dấu thời gian.', detail: {} },
        {
          name: 'ocr',
          state: 'ok',
          text: 'Nhận dạng chữ tiếng Việt sẵn sàng.',
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
