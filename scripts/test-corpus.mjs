// npm run test:corpus: reading, signing and verifying held against files that we did not make, which lie beside the
// project in ../shared/data (see its README). Fails, saying so, where they are missing.
// npm run test:corpus -- FOLDER...: the judgement of signing over any other folders of PDF files instead.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const data = join(root, '..', 'shared', 'data');
const folders = process.argv.slice(2).map((folder) => resolve(folder));
const wanted = folders.length > 0 ? folders : [join(data, 'pdfs'), join(data, 'pkits', 'pkits.json')];
const missing = wanted.filter((path) => !existsSync(path));

if (missing.length === 0) {
  const { runCorpus, runFolders } = await import('../tests/corpus/main.ts');
  const { passed, failed } = await (folders.length > 0 ? runFolders(folders) : runCorpus(data));
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
} else {
  process.stderr.write(`test:corpus needs ${missing.join(', ')}; not there.\n`);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}
