/** A switch's line, or the value an option takes and its line. A value that ends in `…` may be given again and again. */
export type OptionWords = string | readonly [value: string, line: string];

/** What `an-thu COMMAND --help` tells. */
export interface HelpPage {
  /** What the command does. */
  readonly does: string;
  /** How it is called, without `an-thu`; with a line where the forms do different things. */
  readonly forms: readonly (readonly [form: string, line?: string])[];
  /** By name; tests/cli/help.test.ts holds them against what the command parses. */
  readonly options: Readonly<Record<string, OptionWords>>;
  /** Without `an-thu`. */
  readonly examples: readonly string[];
  /** `bench` hands everything on and knows none of the common options. */
  readonly common?: 'not-taken';
}

/** Options of every command (arguments.ts). */
export const commonWords = {
  json: 'in đúng một tài liệu JSON',
  'json-lines':
    'mỗi dòng một tài liệu JSON: sign, extend, intake watch, token watch báo từng việc, backup báo tiến độ; lệnh khác in một dòng',
  data: [
    'DIR',
    'thư mục dữ liệu; mặc định AN_THU_DATA, rồi thiết lập của quản trị viên, rồi thư mục của người dùng',
  ],
} as const satisfies HelpPage['options'];
