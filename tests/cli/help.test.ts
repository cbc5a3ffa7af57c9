import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorDefinitions } from '../../core/contract/errors/index.ts';
import { arrivalFieldsSchema } from '../../core/contract/intake.ts';
import { commonOptions } from '../../core/engine/cli/arguments.ts';
import { auditOptions } from '../../core/engine/cli/commands/audit.ts';
import { archiveOptions } from '../../core/engine/cli/commands/archive.ts';
import { backupOptions } from '../../core/engine/cli/commands/backup.ts';
import * as data from '../../core/engine/cli/commands/data.ts';
import { doctorOptions } from '../../core/engine/cli/commands/doctor.ts';
import { extendOptions } from '../../core/engine/cli/commands/extend.ts';
import { fieldsOptions } from '../../core/engine/cli/commands/fields.ts';
import { reportOptions } from '../../core/engine/cli/commands/report.ts';
import { signOptions } from '../../core/engine/cli/commands/sign.ts';
import { syncOptions } from '../../core/engine/cli/commands/sync.ts';
import { tokenRegisterOptions } from '../../core/engine/cli/commands/token-register.ts';
import { tokenTestOptions, tokenWatchOptions } from '../../core/engine/cli/commands/token.ts';
import { trustOptions } from '../../core/engine/cli/commands/trust.ts';
import { updateOptions } from '../../core/engine/cli/commands/update.ts';
import { verifyOptions } from '../../core/engine/cli/commands/verify.ts';
import { commonWords, type HelpPage } from '../../core/engine/cli/help/page.ts';
import { findPage, helpPages } from '../../core/engine/cli/help/pages.ts';
import { commands } from '../../core/engine/cli/run-command.ts';
import { benchOptions } from '../../scripts/bench/options.ts';
import { anThu, buildPrograms, errorSchema } from './run.ts';

/** What each page's command parses. */
const tables: Readonly<Record<string, ParseArgsOptionsConfig>> = {
  sign: signOptions,
  extend: extendOptions,
  fields: fieldsOptions,
  verify: verifyOptions,
  token: tokenWatchOptions,
  'token test': tokenTestOptions,
  'token register': tokenRegisterOptions,
  trust: trustOptions,
  agency: data.agencyOptions,
  intake: data.intakeWatchOptions,
  register: data.registerOptions,
  report: reportOptions,
  sync: syncOptions,
  archive: archiveOptions,
  backup: backupOptions,
  audit: auditOptions,
  update: updateOptions,
  doctor: doctorOptions,
  bench: benchOptions,
};

/** Options with what a table and the words must agree on: whether there is a value, and whether it may be given again. */
const shapeOfTable = (table: ParseArgsOptionsConfig): object =>
  Object.fromEntries(
    Object.entries(table).map(([name, { type, multiple }]) => [name, multiple ? `${type}…` : type]),
  );
const shapeOfWords = (words: HelpPage['options']): object =>
  Object.fromEntries(
    Object.entries(words).map(([name, word]) => [
      name,
      typeof word === 'string' ? 'boolean' : word[0].endsWith('…') ? 'string…' : 'string',
    ]),
  );

const lineOf = (page: HelpPage, name: string): string => page.options[name]?.[1] ?? '';

/** As a shell would, for the examples of the pages. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

describe('the help pages', () => {
  it('are there for every command, and for nothing else', () => {
    const named = new Set(Object.keys(helpPages).map((name) => name.split(' ')[0]));
    expect([...named].sort()).toEqual([...Object.keys(commands), 'sign'].sort());
    expect(Object.keys(helpPages).sort()).toEqual(Object.keys(tables).sort());
  });

  it.each(Object.entries(helpPages))('of %s tell exactly the options that are parsed', (name, page) => {
    expect(shapeOfWords(page.options)).toEqual(shapeOfTable(tables[name] ?? {}));
  });

  it('tell the common options', () => {
    expect(shapeOfWords(commonWords)).toEqual(shapeOfTable(commonOptions));
  });

  it.each(Object.entries(helpPages))('of %s name the default that a table gives', (name, page) => {
    for (const [option, { default: value }] of Object.entries(tables[name] ?? {}))
      if (value !== undefined)
        expect(lineOf(page, option)).toMatch(
          new RegExp(`${String(value)} \\(mặc định|mặc định ${String(value)}`),
        );
  });

  it.each(Object.entries(helpPages))('of %s show forms and examples that can be parsed', (name, page) => {
    const table = { ...tables[name], ...(page.common !== 'not-taken' && commonOptions) };
    for (const [form] of page.forms) {
      const [, { options }] = findPage(form.split(' '))!;
      for (const option of form.match(/--[\w-]+/g) ?? [])
        expect(Object.keys(options)).toContain(option.slice(2));
    }
    expect(page.examples.length).toBeGreaterThan(0);
    for (const example of page.examples) {
      expect(example.startsWith(`${name} `)).toBe(true);
      parseArgs({ args: shellWords(example), options: table, allowPositionals: true });
    }
  });

  it('name every register field that can be given', () => {
    const line = lineOf(helpPages['register']!, 'field');
    for (const field of Object.keys(arrivalFieldsSchema.shape)) expect(line).toContain(field);
  });
});

/** A module that writes the arguments of every process that is started into a file. */
const tellsWhatIsStarted = (file: string): string => `
  import { ChildProcess } from 'node:child_process';
  import { appendFileSync } from 'node:fs';
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    appendFileSync(${JSON.stringify(file)}, options.args.join(' '));
    return spawn.call(this, options);
  };`;

describe('an-thu … --help', () => {
  const dir = mkdtempSync(join(tmpdir(), 'an-thu-help-'));
  const untouched = join(dir, 'nowhere');
  const started = join(dir, 'started');
  const spy = join(dir, 'spy.mjs');
  const env = { AN_THU_DATA: untouched, HOME: untouched };
  beforeAll(() => {
    buildPrograms();
    writeFileSync(spy, tellsWhatIsStarted(started));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    [['sign', '--help'], 'an-thu sign: '],
    [['sign', 'a.pdf', '--key', 'file:///k.p12', '--help', '--out', 'b.pdf'], 'an-thu sign: '],
    [['help', 'sign'], 'an-thu sign: '],
    [['--help', 'verify'], 'an-thu verify: '],
    [['verify', 'none.pdf', '--nonsense', '--help', '--json'], 'an-thu verify: '],
    [['token', '--help'], 'an-thu token: '],
    [['token', 'list', '--help'], 'an-thu token: '],
    [['token', 'test', '--help'], 'an-thu token test: '],
    [['help', 'token', 'register'], 'an-thu token register: '],
    [['register', 'accept', '--help'], 'an-thu register: '],
    [['bench', 'sign', '--help'], 'an-thu bench: '],
    [['help'], 'Ấn Thư '],
    [['--help', '--json'], 'Ấn Thư '],
  ])('%j prints the page and does nothing', async (args, title) => {
    const { status, stdout, stderr } = await anThu(args, { env });
    expect([status, stdout.slice(0, title.length), stderr]).toEqual([0, title, '']);
    expect(existsSync(untouched)).toBe(false);
  });

  it('starts no token host, which is the first that sign does', async () => {
    const key = pathToFileURL(join(dir, 'key.p12')).href;
    const spied = { env: { ...env, NODE_OPTIONS: `--import=${pathToFileURL(spy).href}` } };
    await anThu(['sign', 'a.pdf', '--key', key, '--help'], spied);
    expect(existsSync(started)).toBe(false);
    await anThu(['sign', 'a.pdf', '--key', key], spied);
    expect(readFileSync(started, 'utf8')).toContain('token-host.mjs');
  });

  it('tells every command and every exit status in the general page', async () => {
    const { stdout } = await anThu(['--help'], { env });
    for (const name of [...Object.keys(commands), 'sign'])
      expect(stdout).toMatch(new RegExp(`^  an-thu ${name} `, 'm'));
    for (const { exit } of Object.values(errorDefinitions))
      expect(stdout).toMatch(new RegExp(`^  ${exit} `, 'm'));
  });

  it.each([
    [['nonsense', '--help', '--json']],
    [['help', 'toString', '--json']],
    [['constructor', '--json']],
  ])('%j is wrong usage', async (args) => {
    const result = await anThu(args, { env });
    expect([result.status, result.json(errorSchema).code]).toEqual([64, 'general.usage']);
  });

  it('takes a file of that name for a file', async () => {
    const result = await anThu(['verify', '--json', '--', '--help'], { env, cwd: dir });
    expect([result.status, result.json(errorSchema).detail]).toEqual([66, { path: '--help' }]);
  });
});
