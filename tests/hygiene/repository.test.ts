import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');

/** Files of the project (committed and new, nothing ignored), as text. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: repository,
  encoding: 'utf8',
})
  .split('\0')
  .filter(
    (name) => name !== '' && existsSync(join(repository, name)) && statSync(join(repository, name)).isFile(),
  );
const isText = (name: string): boolean =>
  !/\.(png|ico|icns|ttf|pdf|jpe?g|zip|gz|bin|p12|der|dump)$/.test(name);
const textOf = (name: string): string => readFileSync(join(repository, name), 'utf8');
const matching = (pattern: RegExp, names: readonly string[]): string[] =>
  names.filter((name) => pattern.test(textOf(name)));

const sources = files.filter((name) => /\.(ts|tsx|mjs|cjs)$/.test(name));
const tests = sources.filter((name) => /\.(test|e2e)\.tsx?$/.test(name));

describe('the repository', () => {
  it('names no host of a package registry', () => {
    // In parts, so that this file too names none.
    const hosts = [
      ['registry', 'npmjs'],
      ['npmjs', 'org'],
      ['registry', 'yarnpkg'],
      ['npm', 'pkg', 'github'],
      ['pypi', 'org'],
      ['crates', 'io'],
      ['deb', 'debian'],
    ];
    const pattern = new RegExp(hosts.map((parts) => parts.join('\\.')).join('|'));
    expect(matching(pattern, files.filter(isText))).toEqual([]);
  });

  it('has a lock file without addresses, every package with its hash', () => {
    const lock = JSON.parse(textOf('package-lock.json')) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
    };
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(packages.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(packages.filter(([, entry]) => !entry.integrity && !entry.link).map(([path]) => path)).toEqual([]);
  });

  it('pins every package to one version', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      textOf('package.json'),
    ) as Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>;
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    })) {
      expect([name, /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)]).toEqual([name, true]);
    }
  });

  it('names no path of the machine it was made on', () => {
    const own = ['tests/hygiene/repository.test.ts'];
    expect(
      matching(
        /\/work\/|\/root\/\w|\/tmp\/HELPERS/,
        files.filter((name) => isText(name) && !own.includes(name)),
      ),
    ).toEqual([]);
  });

  it('holds no private key and no certificate that anybody could trust', () => {
    const pattern = /-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-----\n[A-Za-z0-9+/]{40}/;
    expect(matching(pattern, files.filter(isText))).toEqual([]);
    expect(files.filter((name) => /\.(p12|pfx|key)$/.test(name))).toEqual([]);
  });
});

describe('the tests', () => {
  it('are all run: none is skipped, none is run alone', () => {
    const pattern =
      /\b(?:it|test|describe)\.(?:skip|only|todo|fixme|fails|skipIf|runIf)\b|\b(?:xit|xdescribe|fit|fdescribe)\(/;
    const own = 'tests/hygiene/repository.test.ts';
    expect(
      matching(
        pattern,
        tests.filter((name) => name !== own),
      ),
    ).toEqual([]);
  });

  it('lie where a runner finds them', () => {
    const found = (name: string): boolean =>
      (/^(core|native|electron|scripts|tests)\/.*\.test\.ts$/.test(name) && !name.startsWith('tests/e2e/')) ||
      /^renderer\/.*\.test\.tsx?$/.test(name) ||
      /^tests\/e2e\/.*\.e2e\.ts$/.test(name);
    expect(tests.filter((name) => !found(name))).toEqual([]);
  });
});

describe('the documents', () => {
  const documents = files.filter((name) => name.endsWith('.md') && name !== 'THIRD_PARTY_NOTICES.md');

  it.each(documents)('%s points only to files that are there', (name) => {
    const targets = [...textOf(name).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map(
      ([, target]) => target ?? '',
    );
    const missing = targets.filter(
      (target) => !existsSync(join(repository, dirname(name), decodeURIComponent(target))),
    );
    expect(missing).toEqual([]);
  });

  it.each(documents)('%s names only commands of package.json', (name) => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = [...textOf(name).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(
      ([, script]) => script ?? '',
    );
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('list every failpoint of the source, and no other', () => {
    const page = 'docs/failpoints.md';
    const named = new Set(
      sources
        .filter((name) => /^(core|native|electron)\//.test(name) && !name.endsWith('.test.ts'))
        .flatMap((name) =>
          [...textOf(name).matchAll(/\bfailpoint\(\s*'([^']+)'/g)].map(([, point]) => point ?? ''),
        ),
    );
    expect(named.size).toBeGreaterThanOrEqual(12);
    const listed = new Set(
      [...textOf(page).matchAll(/^\|? *`([a-z][\w.-]*\.[\w.-]+)`/gm)].map(([, point]) => point ?? ''),
    );
    expect([...named].filter((point) => !textOf(page).includes(`\`${point}\``))).toEqual([]);
    expect([...listed].filter((point) => !named.has(point))).toEqual([]);
  });
});
