/** Text without marks and case, for finding commands: `Đồng bộ` → `dong bo`. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}
