import type { Change } from '../contract/verification.ts';
import { vietnamParts } from '../shared/clock.ts';

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
  const { year, month, day, hour, minute, second } = vietnamParts(new Date(iso));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(day)}/${two(month)}/${year} ${two(hour)}:${two(minute)}:${two(second)} (+07:00)`;
}

/** One change after signing: which object, on which page, of what kind. */
export function describeChange({ object, page, class: kind }: Change): string {
  const place = page === null ? '' : `, trang ${page + 1}`;
  return `đối tượng ${object}${place}: ${changeWords[kind]}`;
}
