import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawPdf, onePageObjects } from '../lib/raw-pdf.ts';
import { anThu, buildPrograms, errorSchema, repository, runProgram } from './run.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-cli-'));
const untouched = join(dir, 'nowhere');
const pdf = join(dir, 'thư.pdf');
beforeAll(() => {
  buildPrograms();
  writeFileSync(pdf, rawPdf({ objects: onePageObjects() }));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const version = (): string =>
  (JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }).version;

describe('the command line', () => {
  it('tells its version and touches nothing', async () => {
    const { status, stdout, stderr } = await anThu(['--version'], {
      env: { AN_THU_DATA: untouched, HOME: untouched },
    });
    expect([status, stdout, stderr]).toEqual([0, `${version()}\n`, '']);
    expect(existsSync(untouched)).toBe(false);
  });

  it('runs in a checkout with nothing of its own on standard output', async () => {
    const { status, stdout } = await runProgram('npm', ['run', '-s', 'an-thu', '--', '--version'], {
      cwd: repository,
    });
    expect([status, stdout]).toEqual([0, `${version()}\n`]);
  });

  it('reads relative paths from the folder of the caller', async () => {
    const args = ['--prefix', repository, 'run', '-s', 'an-thu', '--', 'verify', 'thư.pdf'];
    const { status, stdout } = await runProgram('npm', args, { cwd: dir });
    expect([status, stdout.split('\n')[0]]).toEqual([1, 'thư.pdf: Chưa ký số']);
  });

  it.each([
    ['an unknown command', ['nonsense', '--json'], 64, 'general.usage'],
    ['an unknown option', ['verify', pdf, '--nonsense', '--json'], 64, 'general.usage'],
    ['a missing argument', ['sign', pdf, '--json'], 64, 'general.usage'],
    ['a time that is none', ['verify', pdf, '--at', 'hôm qua', '--json'], 64, 'general.usage'],
    [
      'a folder without data',
      ['register', 'list', '--data', join(dir, 'empty'), '--json'],
      66,
      'store.no-data',
    ],
    [
      'a missing anchor',
      ['verify', pdf, '--trust', join(dir, 'none.pem'), '--json'],
      66,
      'verification.certificate-missing',
    ],
    [
      'an agency file that is not there',
      ['agency', 'init', '--file', join(dir, 'a.json'), '--json'],
      66,
      'general.no-such-input',
    ],
  ])('answers %s with one JSON error and its exit status', async (_, args, status, code) => {
    const result = await anThu(args);
    const error = result.json(errorSchema);
    expect([result.status, error.code]).toEqual([status, code]);
    expect(error.message.length).toBeGreaterThan(20);
  });

  it('tells people an error on standard error, with its code', async () => {
    const { status, stdout, stderr } = await anThu(['register', 'list', '--data', join(dir, 'empty')]);
    expect([status, stdout]).toEqual([66, '']);
    expect(stderr).toContain('[store.no-data]');
    expect(existsSync(join(dir, 'empty'))).toBe(false);
  });

  it('without a command shows how to use it', async () => {
    const { status, stdout } = await anThu([]);
    expect(status).toBe(64);
    expect(stdout).toContain('an-thu verify');
  });
});
