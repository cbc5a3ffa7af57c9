import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = join(dirname(dirname(fileURLToPath(import.meta.url))), 'java');
/** Debian's packages libbcpkix-java, libpdfbox2-java and what they need. */
const jars = ['bcprov', 'bcpkix', 'bcutil', 'pdfbox2', 'fontbox2', 'preflight', 'xmpbox', 'commons-logging', 'commons-io']; // prettier-ignore
const libraries = jars.map((name) => `/usr/share/java/${name}.jar`);

/** A program of tests/java, compiled into a folder of its own; one run answers many questions. */
export interface JavaProgram {
  /** Runs it with arguments and standard input; returns standard output. Throws its words when it fails. */
  run(options: { readonly args?: readonly string[]; readonly input?: string }): string;
  /** Removes the compiled classes. */
  remove(): void;
}

/** Compiles `tests/java/<name>.java` and what it uses of that folder (2 to 3 s). */
export function compileJava(name: string): JavaProgram {
  const classes = mkdtempSync(join(tmpdir(), 'an-thu-java-'));
  const classPath = [classes, ...libraries].join(':');
  execFileSync(
    'javac',
    ['-nowarn', '-encoding', 'UTF-8', '-d', classes, '-cp', classPath, '-sourcepath', sources, join(sources, `${name}.java`)], // prettier-ignore
    { stdio: 'pipe' },
  );
  return {
    run: ({ args = [], input = '' }) => {
      const { status, stdout, stderr } = spawnSync(
        'java',
        ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-Xmx512m', '-cp', classPath, name, ...args],
        { encoding: 'utf8', input, maxBuffer: 64 * 1024 * 1024 },
      );
      if (status !== 0) throw new Error(`${name}: ${stderr}`);
      return stdout;
    },
    remove: () => rmSync(classes, { recursive: true, force: true }),
  };
}
