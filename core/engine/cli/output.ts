import { errorDefinitions, type ErrorValue } from '../../contract/errors/index.ts';
import { type AnThuError, toErrorValue } from '../../shared/errors.ts';
import { showOutsideText } from '../../shared/outside-text.ts';

/** How a command speaks: text for people, one JSON document, or one a line (design/cli.md, "General"). */
export type OutputMode = 'text' | 'json' | 'json-lines';

/** What a command ends with. */
export interface Outcome {
  /** The JSON document of `--json`; undefined when the command wrote it itself. */
  readonly json: unknown;
  /** Lines for people. */
  readonly text: readonly string[];
  /** 0 all well, 1 done but not all well, 2 refused on evidence. */
  readonly status: number;
  /** With `--json-lines` the command has told what it did as it went on; of others the document is the last line. */
  readonly lines?: 'told';
}

/** Names in files may hold what drives a terminal; tabs are ours. */
const harmless = (line: string): string => line.split('\t').map(showOutsideText).join('\t');

export function printOutcome(outcome: Outcome, mode: OutputMode): void {
  if (mode === 'text')
    for (const line of outcome.text) process.stdout.write(`${line.split('\n').map(harmless).join('\n')}\n`);
  else if (outcome.json === undefined) return;
  else if (mode === 'json') process.stdout.write(`${JSON.stringify(outcome.json, null, 2)}\n`);
  else if (outcome.lines !== 'told') printLine(outcome.json);
}

export function printLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Progress and warnings; never on standard output. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints an error the way the mode wants it and returns its exit status. */
export function printError(error: AnThuError, mode: OutputMode): number {
  const value: ErrorValue = toErrorValue(error);
  if (mode === 'text') note(`${value.message} [${value.code}]`);
  else process.stdout.write(`${JSON.stringify(value, null, mode === 'json' ? 2 : 0)}\n`);
  return errorDefinitions[error.code].exit;
}
