import type { Arrival } from '../../contract/register.ts';

/** The register's fields in the words of its form (domain/vietnam.md §1.5, §8). */
export const fieldWords: Readonly<Record<string, string>> = {
  issuer: 'Tác giả',
  docNumber: 'Số văn bản',
  docNotation: 'Ký hiệu',
  docDate: 'Ngày tháng văn bản',
  typeName: 'Tên loại',
  subject: 'Trích yếu nội dung',
  receiver: 'Đơn vị hoặc người nhận',
  note: 'Ghi chú',
  urgency: 'Độ khẩn',
  dueDate: 'Thời hạn giải quyết',
  signerName: 'Người ký',
};

/** Độ khẩn (domain/vietnam.md §1.8). */
export const urgencyWords: Readonly<Record<Arrival['urgency'], string>> = {
  thuong: 'Thường',
  khan: 'Khẩn',
  'thuong-khan': 'Thượng khẩn',
  'hoa-toc': 'Hỏa tốc',
};
