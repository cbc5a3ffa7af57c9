import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCommand } from './arguments.ts';
import { type Outcome, type OutputMode, printOutcome } from './output.ts';
import { progressOn } from './progress.ts';

let [standard, errors] = ['', ''];
beforeEach(() => {
  [standard, errors] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((standard += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((errors += String(text)), true));
});
afterEach(() => vi.restoreAllMocks());

const outcome: Outcome = { json: { files: [1, 2] }, text: ['hai tệp'], status: 0 };
const printed = (mode: OutputMode, more: Partial<Outcome> = {}): string => {
  printOutcome({ ...outcome, ...more }, mode);
  return standard;
};

describe('what a command ends with', () => {
  it('is text for people', () => expect(printed('text')).toBe('hai tệp\n'));
  it('is one document', () => expect(JSON.parse(printed('json'))).toEqual(outcome.json));
  it('is one line where it told nothing before', () => {
    expect(printed('json-lines')).toBe('{"files":[1,2]}\n');
  });
  it('is not told twice', () => expect(printed('json-lines', { lines: 'told' })).toBe(''));
  it('is nothing where the command wrote its document itself', () => {
    expect(printed('json-lines', { json: undefined })).toBe('');
  });
});

describe('progress', () => {
  const progress = (...mode: string[]) =>
    progressOn(parseCommand(mode, {}), 'Đã chép', { step: 'copy' })?.(500, 1200);

  it('is words on standard error', () => {
    progress();
    expect([standard, errors]).toEqual(['', 'Đã chép 500/1200 tệp…\n']);
  });
  it('is a line among the lines', () => {
    progress('--json-lines');
    expect([JSON.parse(standard), errors]).toEqual([
      { event: 'progress', step: 'copy', done: 500, total: 1200 },
      '',
    ]);
  });
  it('disturbs no single document', () => {
    progress('--json');
    expect([standard, errors]).toEqual(['', '']);
  });
});
