/** How an outside part is, in both languages; `{name}` is filled from the facts beside the code. */
export const serviceSentences = {
  'service.scanner-off': {
    vi: 'Không kiểm tra vi-rút (chế độ mẫu, đã chọn bỏ qua).',
    en: 'Files are not checked for viruses (sample mode, left out on purpose).',
  },
  'service.scanner-ready': {
    vi: '{engine}, cơ sở dữ liệu {database} ngày {date}.',
    en: '{engine}, database {database} of {date}.',
  },
  'service.scanner-undated': {
    vi: '{engine}, cơ sở dữ liệu {database}.',
    en: '{engine}, database {database}.',
  },
  'service.scanner-unversioned': {
    vi: '{engine}, cơ sở dữ liệu không ghi phiên bản.',
    en: '{engine}, database without a version.',
  },
  'service.server-off': {
    vi: 'Chưa cấu hình máy chủ của tỉnh.',
    en: 'No provincial server is configured.',
  },
  'service.server-ready': { vi: '{serverName}', en: '{serverName}' },
  'service.tsa-off': {
    vi: 'Ký không kèm dấu thời gian.',
    en: 'Documents are signed without a timestamp.',
  },
  'service.tsa-ready': {
    vi: 'Kết nối được máy chủ dấu thời gian.',
    en: 'The timestamp server can be reached.',
  },
  'service.tsa-away': {
    vi: 'Không kết nối được máy chủ dấu thời gian; văn bản vẫn được ký, dấu thời gian được bổ sung sau.',
    en: 'The timestamp server cannot be reached; documents are signed all the same, the timestamp is added later.',
  },
  'service.level-waiting': {
    vi: '{waiting} văn bản đang chờ dấu thời gian hoặc bằng chứng.',
    en: 'Documents that wait for a timestamp or evidence: {waiting}.',
  },
  'service.backup-off': {
    vi: 'Chưa sao lưu (dữ liệu mẫu, hoặc chưa có văn bản đến).',
    en: 'Not backed up yet (sample data, or no arrivals).',
  },
  'service.backup-none': {
    vi: 'Chưa sao lưu lần nào. Đề nghị quản trị viên sao lưu ra ổ đĩa khác («an-thu backup create»).',
    en: 'Never backed up. Please ask the administrator to back up to another disk (“an-thu backup create”).',
  },
  'service.backup-made': {
    vi: 'Sao lưu lần cuối lúc {at}.',
    en: 'Last backed up at {at}.',
  },
  'service.backup-old': {
    vi: 'Đã {days} ngày chưa sao lưu; quy định là mỗi ngày.',
    en: 'That was {days} days ago; the rule is every day.',
  },
  'service.backup-ahead': {
    vi: 'Theo đồng hồ máy này, lúc đó chưa đến: vui lòng kiểm tra ngày giờ của máy rồi sao lưu lại.',
    en: 'By the clock of this computer that is still to come: please check its date and time, then back up again.',
  },
  'service.backup-incomplete': {
    vi: 'Bộ sao lưu thiếu {missing} tệp đã mất hoặc hỏng trong thư mục dữ liệu; xem «an-thu archive check».',
    en: 'It lacks files that are missing or damaged in the data folder ({missing}); see “an-thu archive check”.',
  },
  'service.backup-same-disk': {
    vi: 'Bản sao lưu nằm cùng ổ đĩa với dữ liệu, hỏng ổ là mất cả hai.',
    en: 'It lies on the disk of the data, and both would be lost with it.',
  },
  'service.folders-off': {
    vi: 'Chưa chọn thư mục quét.',
    en: 'No scan folder is chosen.',
  },
  'service.folders-ready': {
    vi: 'Mở được {folders} thư mục quét.',
    en: 'Scan folders that can be opened: {folders}.',
  },
  'service.folders-shared': {
    vi: 'Cùng nhận tệp tại đó: {others}.',
    en: 'Others take files there, too: {others}.',
  },
  'service.folders-held': {
    vi: '{held} tệp do nơi khác hoặc phiên bản trước nhận mà chưa xong. Nếu nơi đó không dùng nữa, quản trị viên chuyển các tệp ấy về lại thư mục quét («an-thu intake list» cho biết tệp nằm ở đâu).',
    en: 'Files that others, or an earlier version, took and have not finished: {held}. If that place is not used any more, an administrator moves them back into the scan folder (“an-thu intake list” says where they lie).',
  },
  'service.token-absent': {
    vi: 'Chưa cắm thiết bị lưu khóa bí mật.',
    en: 'No token is plugged in.',
  },
  'service.token-unlocked': {
    vi: 'Đã mở khóa thiết bị ký.',
    en: 'The token is unlocked.',
  },
  'service.token-locked': {
    vi: 'Đã nhận thiết bị, chưa nhập mã PIN.',
    en: 'The token is there; its PIN has not been given.',
  },
} as const satisfies Record<string, { readonly vi: string; readonly en: string }>;

export type ServiceSentenceCode = keyof typeof serviceSentences;
