// npm run test:corpus: reading, signing and verifying held against files that we did not make, which lie beside the
// project in ../shared/data (see its README). Fails, saying so, where they are missing.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const data = join(root, '..', 'shared', 'data');

if (existsSync(join(data, 'pdfs')) && existsSync(join(data, 'pkits', 'pkits.json'))) {
  const { runCorpus } = await import('../tests/corpus/main.ts');
  const { passed, failed } = await runCorpus(data);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
} else {
  process.stderr.write(
    `test:corpus needs the test data in ${data} (folders pdfs and pkits); it is not there.\n`,
  );
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}
