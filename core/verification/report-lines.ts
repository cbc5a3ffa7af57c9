import type { Change } from '../contract/verification.ts';

const changeWords: Readonly<Record<Change['class'], string>> = {
  'lta-update': 'dữ liệu xác thực dài hạn',
  'new-signature': 'chữ ký mới',
  metadata: 'thông tin mô tả tệp',
  'form-fill': 'điền ô biểu mẫu',
  annotation: 'chú thích',
  other: 'nội dung khác',
};

/** Local time of Vietnam, as forms write it; null is said to be missing. */
export function showTime(iso: string | null): string {
  if (!iso) return 'không có';
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return `${parts.format(new Date(iso)).replace(',', '')} (+07:00)`;
}

/** One change after signing: which object, on which page, of what kind. */
export function describeChange({ object, page, class: kind }: Change): string {
  const place = page === null ? '' : `, trang ${page + 1}`;
  return `đối tượng ${object}${place}: ${changeWords[kind]}`;
}
