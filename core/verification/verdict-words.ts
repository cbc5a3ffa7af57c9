import type { FileVerdict } from '../contract/verification.ts';

/** Words for a file's verdict, as the command line and the printed sheet use them. */
export const verdictWords: Readonly<Record<FileVerdict, string>> = {
  valid: 'Hợp lệ',
  indeterminate: 'Không xác định',
  invalid: 'Không hợp lệ',
  unsigned: 'Chưa ký số',
  unreadable: 'Không đọc được',
};
