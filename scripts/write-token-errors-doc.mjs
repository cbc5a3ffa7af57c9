// Writes docs/token-errors.md from the table of PKCS#11 return values. With --check it only compares, and fails when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorDefinitions } from '../core/contract/errors/index.ts';
import { ckrStages, ckrTable, otherCkr, remedies } from '../native/pkcs11/ckr-table.ts';

const target = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'token-errors.md');

const stageTitles = {
  list: 'When the list is read (C_Initialize, C_GetSlotList, C_GetTokenInfo, C_OpenSession, C_FindObjects …)',
  login: 'When the PIN is sent (C_Login, once)',
  sign: 'When a signature is made (C_SignInit, C_Sign)',
};

const row = (...cells) => `| ${cells.join(' | ')} |`;

/** One row for all return values that mean the same. */
function stageTable(stage) {
  const groups = new Map();
  for (const [name, meanings] of Object.entries({ ...ckrTable, 'any other answer': otherCkr })) {
    const { code, remedy, trySpent } = meanings[stage];
    const spent = stage === 'login' ? (trySpent ?? 'no') : 'no PIN sent';
    const key = JSON.stringify([code, remedy, spent]);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const rows = [...groups].map(([key, names]) => {
    const [code, remedy, spent] = JSON.parse(key);
    return row(names.join(', '), `\`${code}\``, errorDefinitions[code].vi, spent, remedies[remedy]);
  });
  const header = ['the module answers', 'our code', 'the clerk reads', 'try spent', 'the clerk can'];
  return [row(...header), row(...header.map(() => '---')), ...rows];
}

const page = () =>
  [
    '# What the answers of a PKCS#11 module become',
    '',
    'Written from `native/pkcs11/ckr-table.ts` by `node scripts/write-token-errors-doc.mjs`; do not edit by hand. Each return',
    'value of each table is a test through a real module in a real token host (`tests/token/ckr-rows.test.ts`). “Unclear” means',
    'that nobody can tell whether the PIN was looked at: our own count takes such a try as spent.',
    ...ckrStages.flatMap((stage) => ['', `## ${stageTitles[stage]}`, '', ...stageTable(stage)]),
    '',
  ].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== page()) {
    process.stderr.write(
      'docs/token-errors.md is not what the table says; run: node scripts/write-token-errors-doc.mjs\n',
    );
    process.exit(1);
  }
} else {
  writeFileSync(target, page());
}
