import { asAnThuError } from '../../shared/errors.ts';
import { printError, printOutcome, type Outcome, type OutputMode } from './output.ts';

export type Command = (argv: readonly string[]) => Promise<Outcome>;

function modeOf(argv: readonly string[]): OutputMode {
  return argv.includes('--json') ? 'json' : argv.includes('--json-lines') ? 'json-lines' : 'text';
}

/** Runs a command, prints what it ends with, and gives the exit status. */
export async function execute(load: () => Promise<Command>, argv: readonly string[]): Promise<number> {
  const mode = modeOf(argv);
  try {
    const command = await load();
    const outcome = await command(argv);
    printOutcome(outcome, mode);
    return outcome.status;
  } catch (thrown) {
    return printError(asAnThuError(thrown), mode);
  }
}
