import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names of the places where tests kill the program, read from the sources. Names that the sources also use for something
 * else (an audit action, say) are left out: finding those in a package would prove nothing.
 */
export function failpointNames(repository) {
  const sources = ['core', 'native']
    .flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
    )
    .join('\n');
  const names = new Set([...sources.matchAll(/failpoint\('([^']+)'\)/g)].map(([, name]) => name));
  const elsewhere = sources.replaceAll(/failpoint\('[^']+'\)/g, '');
  return [...names].filter((name) => !elsewhere.includes(`'${name}'`));
}
