// Bundles the programs into build/ with esbuild and the page with vite; does nothing when nothing changed.
//   node scripts/build.mjs [--page] [--release]
// --release is what gets packed: minified syntax, failpoints taken out.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const programs = {
  commands: 'core/engine/cli/run-command.ts',
  engine: 'core/engine/main.ts',
  'document-worker': 'core/engine/programs/document-worker.ts',
  'ocr-worker': 'native/ocr/main.ts',
  main: 'electron/main.ts',
};

/**
 * Programs whose start somebody waits for: one file, or a few where rare parts stand aside. Reading and linking thirty small
 * ones would take as long as Node's own start.
 */
const leanPrograms = [
  [{ 'an-thu': 'core/engine/cli/main.ts' }, false],
  [{ 'an-thu-sign': 'core/engine/cli/sign-main.ts' }, true],
  [
    {
      'token-host': 'native/token-host/main.ts',
      'driver-thread': 'native/pkcs11/driver-thread.ts',
      'signing-thread': 'core/signing/batch/signing-thread.ts',
    },
    false,
  ],
];

/** Newest change below the folders, and how many files: cheap enough to ask at every start. */
function fingerprint(paths) {
  let newest = 0;
  let count = 0;
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      for (const name of readdirSync(path)) if (name !== 'node_modules') visit(join(path, name));
      return;
    }
    count++;
    newest = Math.max(newest, stat.mtimeMs);
  };
  for (const path of paths) visit(join(root, path));
  return `${newest}-${count}`;
}

/**
 * One letter beyond Latin-1 makes V8 hold the whole source with two bytes for each; esbuild escapes those in strings but
 * not in patterns. (Comments are gone, and nothing here uses String.raw with such letters.)
 */
function escapeAccents(path) {
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(path, readFileSync(path, 'utf8').replace(/[^\0-\x7f]/g, escaped));
}

function isFresh(stampName, stamp) {
  const file = join(root, 'build', stampName);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

function writeStamp(stampName, stamp) {
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(join(root, 'build', stampName), stamp);
}

/** Node programs, main process and preload. */
export async function buildPrograms({ release = false } = {}) {
  const stamp = `${fingerprint(['core', 'native', 'electron', 'resources', 'package.json', 'scripts/build.mjs'])}-${release}`;
  if (isFresh('.programs', stamp)) return;
  const { build } = await import('esbuild');
  mkdirSync(join(root, 'build'), { recursive: true });
  rmSync(join(root, 'build/.compile-cache'), { recursive: true, force: true });
  for (const name of readdirSync(join(root, 'build'))) {
    if (/\.(mjs|cjs)$/.test(name)) rmSync(join(root, 'build', name));
  }
  const failpointsOut = {
    name: 'failpoints-out',
    setup(plugin) {
      plugin.onResolve({ filter: /\/failpoint\.ts$/ }, () => ({
        path: join(root, 'core/shared/failpoint.release.ts'),
      }));
    },
  };
  // Every program starts with zod; bundled, without its messages in fifty languages (only English, the default, stays)
  // and without what is not used it loads in a fifth of the time. The other packages are loaded from node_modules.
  const zodInside = {
    name: 'zod-inside',
    setup(plugin) {
      plugin.onResolve({ filter: /^zod$/ }, () => ({ path: join(root, 'node_modules/zod/index.js') }));
      plugin.onResolve({ filter: /locales\/index\.js$/ }, ({ importer }) =>
        importer.includes(join('node_modules', 'zod'))
          ? { path: 'none', namespace: 'no-locales' }
          : undefined,
      );
      plugin.onLoad({ filter: /.*/, namespace: 'no-locales' }, () => ({ contents: 'export {}' }));
      // What is not used of a namespace falls away only when it is imported as one.
      plugin.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        const source = readFileSync(path, 'utf8');
        const contents = source.replace(/^import \{ z \} from 'zod';$/m, "import * as z from 'zod';");
        return contents === source ? undefined : { contents, loader: 'ts' };
      });
    },
  };
  // Importing a builtin module asks all its getters, which loads half of the others (crypto: webcrypto, util: the streams
  // of standard error); only what is used is taken.
  const builtinsByName = {
    name: 'builtins-by-name',
    setup(plugin) {
      const require = createRequire(import.meta.url);
      plugin.onResolve({ filter: /^node:/ }, ({ path, kind }) => ({
        path,
        namespace: kind === 'require-call' ? 'whole-builtin' : 'builtin',
        sideEffects: false,
      }));
      // A script of a package takes the module as it is; as one of names it would ask every getter there is.
      plugin.onLoad({ filter: /.*/, namespace: 'whole-builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('${path}');`,
        loader: 'js',
      }));
      plugin.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
        const names = Object.keys(require(path)).filter(
          (name) => /^[A-Za-z_]\w*$/.test(name) && name !== 'default',
        );
        const whole = `const whole = /* @__PURE__ */ process.getBuiltinModule('${path}');\nexport default whole;\n`;
        const each = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => whole.${name})();`);
        return { contents: whole + each.join('\n'), loader: 'js' };
      });
    },
  };
  // The command line's first file starts the token host and finds the rest beside itself.
  const commandsBeside = {
    name: 'commands-beside',
    setup(plugin) {
      const beside = { 'sign-main': './an-thu-sign.mjs', 'run-command': './commands.mjs' };
      plugin.onResolve({ filter: /\/(sign-main|run-command)\.ts$/ }, ({ path, kind }) => {
        const name = path.replace(/^.*\/|\.ts$/g, '');
        return kind === 'dynamic-import' ? { path: beside[name], external: true } : undefined;
      });
    },
  };
  // In a single file every import of a package would be made at the start; this way it waits for the module that wants it.
  const packagesWhenWanted = {
    name: 'packages-when-wanted',
    setup(plugin) {
      // Small, and wanted by every signature: it comes along.
      plugin.onResolve({ filter: /^@signpdf\/utils$/ }, () => ({
        path: join(root, 'node_modules/@signpdf/utils/dist/index.js'),
      }));
      // Its add-on is found where the package is; the rest comes along, and what it exports is not copied for each module
      // that imports it (a thousand constants).
      plugin.onResolve({ filter: /^pkcs11js$/ }, ({ importer }) =>
        importer === '' ? undefined : { path: 'pkcs11js', namespace: 'pkcs11js' },
      );
      plugin.onLoad({ filter: /.*/, namespace: 'pkcs11js' }, () => ({
        contents: "const pkcs11js = require('./node_modules/pkcs11js/index.js');\nexport default pkcs11js;",
        loader: 'js',
        resolveDir: root,
      }));
      plugin.onResolve({ filter: /\/pkcs11\.node$/ }, () => ({
        path: 'pkcs11js/build/Release/pkcs11.node',
        namespace: 'package',
      }));
      plugin.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
        kind !== 'import-statement' || path.startsWith('node:') || path === 'zod'
          ? undefined
          : { path, namespace: 'package' },
      );
      plugin.onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({
        contents: `module.exports = requirePackage('${path}');`,
        loader: 'js',
      }));
    },
  };
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node22',
    packages: 'external',
    sourcemap: false,
    minifySyntax: release,
    logLevel: 'warning',
    plugins: [zodInside, builtinsByName, ...(release ? [failpointsOut] : [])],
  };
  const present = Object.fromEntries(
    Object.entries(programs).filter(([, path]) => existsSync(join(root, path))),
  );
  await build({
    ...common,
    entryPoints: present,
    format: 'esm',
    splitting: true,
    outdir: 'build',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
  });
  for (const [entryPoints, splitting] of leanPrograms) {
    const { metafile } = await build({
      ...common,
      plugins: [commandsBeside, packagesWhenWanted, ...common.plugins],
      entryPoints,
      splitting,
      banner: {
        js: "const requirePackage = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
      },
      minifyWhitespace: true,
      minifySyntax: true,
      format: 'esm',
      outdir: 'build',
      outExtension: { '.js': '.mjs' },
      chunkNames: 'chunk-[hash]',
      metafile: true,
    });
    for (const output of Object.keys(metafile.outputs)) escapeAccents(join(root, output));
  }
  await build({
    ...common,
    packages: 'bundle',
    external: ['electron'],
    define: { AN_THU_VERSION: JSON.stringify(version) },
    entryPoints: { preload: 'electron/preload.ts' },
    format: 'cjs',
    outdir: 'build',
    outExtension: { '.js': '.cjs' },
  });
  writeStamp('.programs', stamp);
}

/** The page. */
export async function buildPage() {
  const stamp = fingerprint(['renderer', 'core/contract', 'resources', 'vite.config.ts', 'package.json']);
  if (isFresh('.page', stamp)) return;
  const { build } = await import('vite');
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  writeStamp('.page', stamp);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPrograms({ release: process.argv.includes('--release') });
  if (process.argv.includes('--page')) await buildPage();
}
