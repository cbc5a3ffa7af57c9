import { sentenceFor } from '../../core/contract/sentences.ts';
import type { Arrival } from '../../core/contract/register.ts';
import type { IntakeItem } from '../../core/contract/intake.ts';
import type { DocumentDetail } from '../../core/contract/document.ts';
import type { OutboxEntry } from '../../core/contract/sync.ts';
import { sampleReport } from './sample-report.ts';

export const sampleHash = (n: number): string => n.toString(16).padStart(64, 'a');

/** The entry of the register with this number; neighbours differ in issuer, type and subject. */
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

/** A morning's scans, each in another state. */
export function sampleItems(): IntakeItem[] {
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

function labelled(number: string, document: string): Pick<OutboxEntry, 'label' | 'said'> {
  const said = { code: 'outbox.arrival-record', detail: { number, document } } as const;
  const label = sentenceFor(said.code, said.detail);
  return { label, said: { ...said, message: label } };
}

/** One operation that waits, one that is blocked, one acknowledged. */
export function sampleOutbox(): OutboxEntry[] {
  const entry: OutboxEntry = {
    id: 'out-1',
    kind: 'arrival-record',
    ...labelled('216/2026', '1416/SNV-CCHC'),
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
    exported: null,
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
      ...labelled('217/2026', '1417/GM-VP'),
      state: 'pending',
      attempts: 2,
      nextAttemptAt: '2026-11-21T08:45:00+07:00',
      ackedAt: null,
      receipt: null,
      error,
    },
    { ...entry, id: 'out-3', ...labelled('215/2026', '1415/QĐ-CAT'), state: 'blocked', receipt: null, error },
    entry,
  ];
}

/** A sealed arrival with its history. */
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
