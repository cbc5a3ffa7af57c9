/**
 * What an operation of the outbox is, in both languages. The Vietnamese is what is stored with it as its label; meanings of
 * the status codes: domain/vietnam.md §5.5.
 */
export const outboxLabels = {
  'outbox.arrival-record': { vi: 'Số đến {number}: {document}', en: 'Arrival number {number}: {document}' },
  'outbox.status-01': { vi: '01 Đã đến: {document}', en: '01 Arrived: {document}' },
  'outbox.status-02': { vi: '02 Từ chối tiếp nhận: {document}', en: '02 Refused: {document}' },
  'outbox.status-03': { vi: '03 Đã tiếp nhận: {document}', en: '03 Received: {document}' },
  'outbox.status-04': { vi: '04 Phân công: {document}', en: '04 Assigned: {document}' },
  'outbox.status-05': { vi: '05 Đang xử lý: {document}', en: '05 Being worked on: {document}' },
  'outbox.status-06': { vi: '06 Hoàn thành: {document}', en: '06 Finished: {document}' },
  'outbox.status-13': { vi: '13 Lấy lại: {document}', en: '13 Withdrawal: {document}' },
  'outbox.status-15': {
    vi: '15 Đồng ý lấy lại/cập nhật: {document}',
    en: '15 Withdrawal or update agreed: {document}',
  },
  'outbox.status-16': {
    vi: '16 Từ chối lấy lại/cập nhật: {document}',
    en: '16 Withdrawal or update refused: {document}',
  },
} as const satisfies Record<string, { readonly vi: string; readonly en: string }>;

export type OutboxLabelCode = keyof typeof outboxLabels;
