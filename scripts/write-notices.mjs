// Writes THIRD_PARTY_NOTICES.md: what goes to customers (production packages, and what is bundled into the page)
// with licences and their texts. With --check it only compares, and fails when they differ.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'THIRD_PARTY_NOTICES.md');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** Names of packages that the page's sources import; they are bundled into it. */
function bundledNames() {
  const names = new Set();
  for (const entry of readdirSync(join(root, 'renderer'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(tsx?|css)$/.test(entry.name)) continue;
    if (/\.test\.tsx?$/.test(entry.name) || entry.parentPath.includes('testing')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, name] of text.matchAll(/(?:from|import|@import)\s*\(?\s*'((?:@[^/']+\/)?[^/.'][^/']*)/g))
      names.add(name);
  }
  return names;
}

/** Where the package that `from` sees under this name lies in the tree, as npm resolves it. */
function resolve(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules') - 1))) {
    const key = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[key]) return key;
    if (folder === '') return undefined;
  }
}

/** The packages and all that they need, without what only other platforms' installers would fetch on their own. */
function closure(names) {
  const found = new Set();
  const visit = (key) => {
    if (key === undefined || found.has(key)) return;
    found.add(key);
    const { dependencies = {}, optionalDependencies = {} } = packages[key];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) visit(resolve(key, name));
  };
  for (const name of names) visit(resolve('', name));
  return [...found];
}

function licenceOf(key) {
  const named = packages[key].license;
  if (named) return named;
  const manifest = JSON.parse(readFileSync(join(root, key, 'package.json'), 'utf8'));
  return manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' OR ') ?? 'see its text';
}

/** The texts that a package carries. Packages that are installed on some platforms only are named without. */
function textsOf(key) {
  if (packages[key].optional || !existsSync(join(root, key))) return [];
  return readdirSync(join(root, key))
    .filter(
      (name) => /^(licen[cs]e|copying|notice|ofl)([.-]|$)/i.test(name) && !/\.(js|ts|json)$/i.test(name),
    )
    .toSorted()
    .map((name) =>
      readFileSync(join(root, key, name), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim(),
    );
}

function page() {
  const production = Object.keys(packages['']?.dependencies ?? {});
  const keys = closure([...production, ...bundledNames()]);
  const rows = keys
    .map((key) => ({
      key,
      name: key.slice(key.lastIndexOf('node_modules/') + 13),
      version: packages[key].version,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
  const byText = new Map();
  for (const { key, name, version } of rows) {
    for (const text of textsOf(key)) byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
  }
  const lines = [
    '# Third-party notices',
    '',
    'What a package of Ấn Thư holds besides its own code (see LICENSE), written from `package-lock.json` and the',
    'installed packages by `node scripts/write-notices.mjs`; do not edit by hand. Electron and Chromium carry their own',
    'notices (`LICENSE` and `LICENSES.chromium.html` beside the program). Packages marked with a platform are in the',
    'program of that platform only. The `@img/sharp-libvips-*` packages are LGPL-3.0-or-later libraries that are loaded',
    'dynamically and can be replaced; their sources and terms are named in their own README files.',
    '',
    '| Package | Version | Licence |',
    '| --- | --- | --- |',
  ];
  for (const { key, name, version } of rows) lines.push(`| ${name} | ${version} | ${licenceOf(key)} |`);
  for (const [text, names] of byText) {
    const fence = text.includes('```') ? '````' : '```';
    lines.push('', `## ${[...new Set(names)].join(', ')}`, '', `${fence}text`, text, fence);
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv.includes('--check')) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== page()) {
    process.stderr.write('THIRD_PARTY_NOTICES.md is not up to date; run: node scripts/write-notices.mjs\n');
    process.exit(1);
  }
} else {
  writeFileSync(target, page());
}
