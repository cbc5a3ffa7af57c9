import { asAnThuError } from '../../shared/errors.ts';
import { version } from '../version.ts';
import { usage } from './arguments.ts';
import { printError, printOutcome, type Outcome, type OutputMode } from './output.ts';

type Command = (argv: readonly string[]) => Promise<Outcome>;

/** Each command is loaded when it is asked for, so that `--version` touches nothing. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  sign: async () => (await import('./commands/sign.ts')).signCommand,
  extend: async () => (await import('./commands/extend.ts')).extendCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
  trust: async () => (await import('./commands/trust.ts')).trustCommand,
  agency: async () => (await import('./commands/data.ts')).agencyCommand,
  intake: async () => (await import('./commands/data.ts')).intakeCommand,
  register: async () => (await import('./commands/data.ts')).registerCommand,
  sync: async () => (await import('./commands/data.ts')).syncCommand,
  archive: async () => (await import('./commands/data.ts')).archiveCommand,
  audit: async () => (await import('./commands/data.ts')).auditCommand,
  update: async () => (await import('./commands/update.ts')).updateCommand,
  bench: async () => (await import('./commands/bench.ts')).benchCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
};

const help = `Ấn Thư ${version}

  an-thu sign FILE… --out FILE|DIR --key URI [--level B-B|B-T|B-LT|B-LTA --tsa URL --trust PEM] [--as none|leader|agency|scan|copy|annex|arrival-stamp] [--resume]
  an-thu extend FILE… --out FILE|DIR --level B-T|B-LT|B-LTA [--tsa URL] [--trust PEM|DIR]…
  an-thu verify FILE… [--trust PEM|DIR]… [--crl FILE]… [--at ISO8601] [--offline] [--report-pdf FILE]
  an-thu token list | watch [--module FILE]… | test --key URI | add-module FILE | remove-module FILE
  an-thu trust list | import FILE --purpose signature|timestamp [--confirm FINGERPRINT] | remove FINGERPRINT
  an-thu agency init --file agency.json
  an-thu intake add FILE… | watch [DIR…] [--once] | list
  an-thu register accept ID [--field k=v]… | void ID --reason T | list | show ID | search WORDS
  an-thu sync run | status
  an-thu update status | check FILE [--key PEM] | stage FILE | roll-back [--to VERSION]
  an-thu archive check · an-thu audit verify · an-thu doctor [--bundle FILE] · an-thu bench NAME

Chung: --json, --json-lines, --data DIR. Mã PIN: --pin-env NAME hoặc --pin-file FILE.`;

function modeOf(argv: readonly string[]): OutputMode {
  return argv.includes('--json') ? 'json' : argv.includes('--json-lines') ? 'json-lines' : 'text';
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${help}\n`);
    return name === undefined ? 64 : 0;
  }
  const mode = modeOf(rest);
  try {
    const load = commands[name];
    if (!load) throw usage(`không có lệnh «${name}» trong phiên bản này`);
    const command = await load();
    const outcome = await command(rest);
    printOutcome(outcome, mode);
    return outcome.status;
  } catch (thrown) {
    return printError(asAnThuError(thrown), mode);
  }
}

process.exitCode = await main(process.argv.slice(2));
