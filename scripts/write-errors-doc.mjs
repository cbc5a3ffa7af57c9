// Writes docs/errors.md from the table of error codes. With --check it only compares, and fails when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorDefinitions } from '../core/contract/errors/index.ts';
import { factWords } from '../core/contract/fact-words.ts';
import { reasonWords } from '../core/contract/reasons.ts';

const target = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'errors.md');

const exits = {
  2: 'refused on evidence',
  64: 'wrong usage',
  66: 'no such input',
  69: 'token, scanner or server away',
  70: 'a defect of ours',
  73: 'cannot write',
  75: 'busy, try again',
  77: 'PIN or permission refused',
};

function page() {
  const lines = [
    '# Error codes',
    '',
    'Every error that Ấn Thư tells a person or a script has one of these codes. `{name}` stands for a field of the',
    "error's detail. The exit status is that of the command line. Written from `core/contract/errors/` by",
    '`node scripts/write-errors-doc.mjs`; do not edit by hand.',
  ];
  const codes = Object.keys(errorDefinitions).toSorted();
  for (const room of new Set(codes.map((code) => code.split('.')[0]))) {
    lines.push('', `## ${room}`);
    for (const code of codes.filter((name) => name.startsWith(`${room}.`))) {
      const { exit, vi, en } = errorDefinitions[code];
      lines.push('', `### ${code}`, '', `Exit ${exit} (${exits[exit]}).`, '', `> ${vi}`, '', en);
    }
  }
  lines.push('', '## Reasons', '');
  lines.push(
    'What `{reason}` or `{what}` may be besides free text: codes with `; ` between them, `{value}` behind `=`; also the',
    'codes of what verification (`verify.…`) and a look before signing (`concern.…`) find.',
    '',
  );
  for (const code of Object.keys(reasonWords).toSorted()) {
    const { vi, en } = reasonWords[code];
    lines.push(`- \`${code}\`: ${vi} – ${en}`);
  }
  lines.push('', '## Facts of one error', '', 'Closed sets that one error alone takes, and their words.', '');
  for (const code of Object.keys(factWords).toSorted())
    for (const [fact, { vi, en }] of Object.entries(factWords[code]))
      lines.push(`- \`${code}\` \`${fact}\`: ${vi} – ${en}`);
  return `${lines.join('\n')}\n`;
}

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== page()) {
    process.stderr.write(
      'docs/errors.md is not what the error table says; run: node scripts/write-errors-doc.mjs\n',
    );
    process.exit(1);
  }
} else {
  writeFileSync(target, page());
}
