import type { FileReport, FileVerdict } from '../contract/verification.ts';

const verdictWords: Readonly<Record<FileVerdict, string>> = {
  valid: 'Hợp lệ',
  indeterminate: 'Không xác định',
  invalid: 'Không hợp lệ',
  unsigned: 'Chưa ký số',
  unreadable: 'Không đọc được',
};

/** Words for the verdict over a file, as the command line and the printed sheet use them (domain/vietnam.md §3.4). */
export function verdictTitle({ verdict, advice }: Pick<FileReport, 'verdict' | 'advice'>): string {
  return verdict === 'indeterminate' && advice === 'provisional' ? 'Chưa kiểm tra đủ' : verdictWords[verdict];
}
