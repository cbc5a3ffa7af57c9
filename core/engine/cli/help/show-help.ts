import { version } from '../../version.ts';
import { inColumns } from './columns.ts';
import { commonWords, type HelpPage, type OptionWords } from './page.ts';
import { findPage, helpPages } from './pages.ts';

/** Exit statuses (design/cli.md, "General"). */
const exitWords: Readonly<Record<string, string>> = {
  0: 'mọi việc đều tốt',
  1: 'đã làm nhưng chưa trọn vẹn',
  2: 'từ chối vì có bằng chứng: chữ ký không đạt, kho bị hỏng',
  64: 'dùng lệnh sai',
  66: 'không tìm thấy đầu vào',
  69: 'thiết bị ký, bộ quét vi-rút hoặc máy chủ vắng mặt',
  70: 'lỗi của phần mềm',
  73: 'không ghi được',
  75: 'đang bận, hãy thử lại',
  77: 'mã PIN sai hoặc không có quyền',
};

/** The page of the command that `words` begin with, the general one without words; undefined for a command that is none. */
export function helpText(words: readonly string[]): string | undefined {
  if (words.length === 0) return generalPage();
  const found = findPage(words);
  return found && pageText(...found);
}

/** What there is: commands, common options and exit statuses. */
export function generalPage(): string {
  const commands = Object.entries(helpPages).filter(([name]) => !name.includes(' '));
  return sheet(
    `Ấn Thư ${version}`,
    ['Lệnh:', ...inColumns(commands.map(([name, { does }]) => [`an-thu ${name}`, does]))],
    ['Tùy chọn, ví dụ của từng lệnh: an-thu LỆNH --help'],
    [
      'Tùy chọn chung:',
      ...inColumns([
        ...optionRows(commonWords),
        ['--help', 'hướng dẫn này, hoặc của lệnh đứng trước'],
        ['--version', 'chỉ in phiên bản'],
      ]),
    ],
    ['Mã kết thúc:', ...inColumns(Object.entries(exitWords))],
  );
}

function pageText(name: string, { does, forms, options, examples, common }: HelpPage): string {
  const rows = optionRows(options);
  const general = common === 'not-taken' ? 'Mã kết thúc' : 'Tùy chọn chung (--json, --data…), mã kết thúc';
  return sheet(
    `an-thu ${name}: ${does}`,
    ['Cách dùng:', ...forms.flatMap(formLines)],
    rows.length > 0 && ['Tùy chọn:', ...inColumns(rows)],
    ['Ví dụ:', ...examples.map((example) => `  an-thu ${example}`)],
    [`${general}: an-thu --help`],
  );
}

function formLines([form, line]: HelpPage['forms'][number]): string[] {
  return [`  an-thu ${form}`, ...(line === undefined ? [] : [`      ${line}`])];
}

function optionRows(options: Readonly<Record<string, OptionWords>>): [string, string][] {
  return Object.entries(options).map(([name, words]) =>
    typeof words === 'string' ? [`--${name}`, words] : [`--${name} ${words[0]}`, words[1]],
  );
}

/** A title and blocks of lines, with an empty line between; blocks that are none fall away. */
function sheet(title: string, ...blocks: readonly (readonly string[] | false)[]): string {
  return [[title], ...blocks.filter((block) => block !== false)]
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n');
}
