import type { CreatedSet } from '../../backup/create-set.ts';
import type { Manifest } from '../../backup/manifest.ts';
import type { RestoredSet, RestoredSettings } from '../../backup/restore-set.ts';
import type { SetProblem, SetVerdict } from '../../backup/verify-set.ts';
import { shownDay, shownMinute } from '../../shared/clock.ts';

const kindWords = { full: 'đầy đủ', incremental: 'bổ sung' } as const satisfies Record<
  Manifest['kind'],
  string
>;

const whenOf = ({ createdAt }: Manifest): string => `${shownMinute(createdAt)} ngày ${shownDay(createdAt)}`;

const megabytes = (bytes: number): string =>
  `${(bytes / 1e6).toLocaleString('vi-VN', { maximumFractionDigits: 1 })} MB`;

function numbersOf({ lastNumbers, registers }: Manifest): string {
  if (lastNumbers.length === 0) return 'chưa cấp số đến nào';
  const several = registers.length > 1;
  const each = lastNumbers.map(
    ({ registerName, year, number }) => `${several ? `${registerName}: ` : ''}${number}/${year}`,
  );
  return `số đến cuối ${each.join(', ')}`;
}

/** What was made, and what somebody should do about it. */
export function createdLines(made: CreatedSet): string[] {
  const { manifest, manifestSha256, copied, removed } = made;
  return [
    `Đã sao lưu (bộ ${kindWords[manifest.kind]}) tại ${made.path}`,
    `  ${manifest.counts.arrivals} văn bản đến, ${numbersOf(manifest)}; ${manifest.audit.entries} mục nhật ký; ${manifest.objects.length} tệp, trong đó chép mới ${copied.files} tệp (${megabytes(copied.bytes)}).`,
    `  Mã của bản kê (nên ghi lại trên giấy): ${manifestSha256}`,
    ...(manifest.withheld.length > 0
      ? [
          `  ${manifest.withheld.length} tệp trong khu cách ly không được sao lưu (nhiễm mã độc hoặc tài liệu mật).`,
        ]
      : []),
    ...(made.leftovers > 0 ? ['  Đã dọn phần dở dang của lần sao lưu trước bị ngắt.'] : []),
    ...(removed.length > 0 ? [`  Đã bỏ ${removed.length} bộ cũ: ${removed.join(', ')}`] : []),
    ...(made.sameDisk
      ? ['CẢNH BÁO: bản sao lưu nằm cùng ổ đĩa với dữ liệu; hỏng ổ là mất cả hai. Hãy dùng ổ đĩa khác.']
      : []),
    ...(made.untidied === null
      ? []
      : [
          `CẢNH BÁO: bộ vừa tạo còn nguyên, nhưng chưa dọn được phần cũ trên ổ (${made.untidied}): tệp đã vào khu cách ly có thể vẫn còn trong các bộ trước. Vui lòng kiểm tra ổ rồi chạy lại.`,
        ]),
    ...(made.continuesNewest
      ? []
      : [
          'CẢNH BÁO: sổ này không nối tiếp bộ sao lưu trước (như sau khi phục hồi một bộ cũ). Các bộ của nhánh kia được giữ lại, không tự bỏ.',
        ]),
    ...(made.auditOk
      ? []
      : [
          'HỎNG: chuỗi nhật ký của sổ bị đứt; xem «an-thu audit verify». Bộ vừa tạo giữ nguyên hiện trạng, không bộ cũ nào bị bỏ.',
        ]),
    ...(manifest.missing.length > 0
      ? [
          `HỎNG: ${manifest.missing.length} tệp trong thư mục dữ liệu bị mất hoặc hỏng nên không có trong bộ này; không bộ cũ nào bị bỏ. Tìm chúng trong các bộ trước:`,
          ...manifest.missing.map((sha256) => `  ${sha256}`),
        ]
      : []),
  ];
}

const partWords = {
  manifest: 'bản kê',
  register: 'sổ',
  audit: 'nhật ký',
  trust: 'chứng thư',
  object: 'tệp',
} as const satisfies Record<SetProblem['part'], string>;
const problemWords = {
  missing: 'bị mất',
  changed: 'bị thay đổi',
  'not-a-file': 'không phải tệp thường',
  unreadable: 'không đọc được',
  broken: 'bị hỏng',
  'not-listed': 'sổ có nhưng bản kê không có',
  newer: 'của phiên bản mới hơn, phiên bản này không kiểm tra được',
} as const satisfies Record<SetProblem['problem'], string>;

const MOST_LISTED = 200;

/** Not damaged, but not to be judged by this version. */
export const isNewer = (problems: readonly SetProblem[]): boolean =>
  problems.length > 0 && problems.every(({ problem }) => problem === 'newer');

export function verdictLines({ name, ok, manifest, manifestSha256, problems, purged }: SetVerdict): string[] {
  const facts = manifest
    ? ` bộ ${kindWords[manifest.kind]} lúc ${whenOf(manifest)}, ${manifest.objects.length} tệp, ${manifest.audit.entries} mục nhật ký, ${numbersOf(manifest)}`
    : '';
  return [
    `${ok ? 'NGUYÊN VẸN' : isNewer(problems) ? 'MỚI HƠN   ' : 'HỎNG      '}  ${name} ${facts}`,
    ...(manifestSha256 === null ? [] : [`  mã bản kê ${manifestSha256}`]),
    ...(purged > 0 ? [`  ${purged} tệp đã được lấy ra vì sau đó vào khu cách ly.`] : []),
    ...problems
      .slice(0, MOST_LISTED)
      .map((one) => `  ${partWords[one.part]} ${one.name}: ${problemWords[one.problem]}`),
    ...(problems.length > MOST_LISTED
      ? [`  … và ${problems.length - MOST_LISTED} chỗ nữa (xem --json)`]
      : []),
  ];
}

/** What is there again, what is not, and what people must do before work goes on. */
export function restoredLines(
  restored: RestoredSet,
  dataDir: string,
  given: { readonly secret: boolean; readonly noted: boolean },
): string[] {
  const { manifest, files, absent, withheld, gaps, audit, settings } = restored;
  return [
    `Đã phục hồi bộ ${manifest.name} (lúc ${whenOf(manifest)}) của ${manifest.agency.name} vào ${dataDir}`,
    `  ${manifest.counts.arrivals} văn bản đến, ${files} tệp, ${manifest.trust.length} tệp chứng thư; nhật ký nguyên vẹn: ${audit.entries} mục, mã cuối ${audit.head ?? '–'}.`,
    ...(absent.length > 0
      ? [
          `  ${absent.length} tệp không có (hỏng trong bộ hoặc đã mất khi sao lưu), văn bản liên quan sẽ báo thiếu tệp:`,
          ...absent.map((sha256) => `    ${sha256}`),
        ]
      : []),
    ...(withheld.length > 0
      ? [`  ${withheld.length} tệp trong khu cách ly không có trong bản sao lưu.`]
      : []),
    ...gaps.map(
      ({ year, first, last }) =>
        `  Số đến ${first}–${last}/${year} đã cấp sau bộ này: không cấp lại cho văn bản khác. Vào lại đúng số bằng «an-thu register accept ID --lost-number SỐ/${year}»; còn thiếu: «an-thu register gaps».`,
    ),
    'Việc cần làm tiếp:',
    ...(given.noted
      ? []
      : [
          `  – Bộ này chưa được đối chiếu với mã ghi trên giấy (--manifest). Mã của bộ: ${restored.manifestSha256}. Nếu không khớp, đừng mở dữ liệu này; xem cả gốc tin cậy («an-thu trust list»).`,
        ]),
    `  – Thiết lập phục hồi trỏ đến: ${settingsWords(settings)}. Máy khác thì sửa trước khi làm việc.`,
    ...(given.secret
      ? []
      : [
          '  – Mật khẩu tài khoản tại hệ thống của tỉnh không nằm trong bản sao lưu: chép lại vào tệp server-secret trong thư mục dữ liệu (hoặc phục hồi với --server-secret-file); chưa có thì chưa đồng bộ.',
        ]),
    '  – Bản quét nhận sau bộ này nằm trong thư mục .an-thu/…/da-nhan của mỗi thư mục quét (tệp đang dở: .an-thu/…): đưa lại vào thư mục quét để tiếp nhận lại.',
    '  – Gói văn bản điện tử nhận sau bộ này đã báo nhận với tỉnh nên không tự về lại: đề nghị tỉnh hoặc nơi gửi gửi lại.',
    ...(manifest.counts.outboxPending > 0
      ? [
          `  – ${manifest.counts.outboxPending} mục chờ gửi trong bộ sẽ được gửi tiếp với mã cũ, tỉnh không ghi hai lần; mục mà tỉnh báo trùng sẽ nằm ở «cần xem» («an-thu sync status»).`,
        ]
      : []),
    '  – Không mở lại thư mục dữ liệu cũ cùng lúc với thư mục này: hai sổ sẽ cấp trùng số.',
  ];
}

function settingsWords({ modules, watchedFolders, serverUrl, tsaUrl }: RestoredSettings): string {
  const list = (words: string, items: readonly string[]) =>
    `${words} ${items.length > 0 ? items.join(', ') : '(không có)'}`;
  return [
    list('thư viện thiết bị ký', modules),
    list('thư mục quét', watchedFolders),
    `hệ thống tỉnh ${serverUrl ?? '(không có)'}`,
    `dấu thời gian ${tsaUrl ?? '(không có)'}`,
  ].join('; ');
}
