import { version } from '../version.ts';
import { usage } from './arguments.ts';
import { type Command, execute } from './execute.ts';

/** Each command is loaded when it is asked for, so that `--version` touches nothing. For `sign` see main.ts. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  extend: async () => (await import('./commands/extend.ts')).extendCommand,
  fields: async () => (await import('./commands/fields.ts')).fieldsCommand,
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

  an-thu sign FILE… --out FILE|DIR --key URI [--level B-B|B-T|B-LT|B-LTA --tsa URL --trust PEM] [--as none|leader|agency|scan|copy|annex|arrival-stamp] [--purpose agency|person|any] [--resume] [--time ISO8601]
  an-thu extend FILE… --out FILE|DIR --level B-T|B-LT|B-LTA [--tsa URL] [--trust PEM|DIR]…
  an-thu fields prepare FILE --out FILE --field TÊN=x,y,w,h… [--page N] | fill FILE --out FILE --value TÊN=NỘI DUNG…
  an-thu verify FILE… [--trust PEM|DIR]… [--crl FILE]… [--at ISO8601] [--offline] [--report-pdf FILE]
  an-thu token list | watch [--module FILE]… | test --key URI | add-module FILE | remove-module FILE
  an-thu token register list [--within DAYS] | add --key URI --name T | hand-over ID --given-by T --received-by T | change ID | retire ID --reason T
  an-thu trust list | import FILE --purpose signature|timestamp [--confirm FINGERPRINT] | remove FINGERPRINT
  an-thu agency init --file agency.json
  an-thu intake add FILE… | watch [DIR…] [--once] | list
  an-thu register accept ID [--field k=v]… | void ID --reason T | list | show ID | search WORDS
  an-thu sync run | status
  an-thu update status | check FILE [--key PEM] | stage FILE | roll-back [--to VERSION]
  an-thu archive check · an-thu audit verify · an-thu doctor [--bundle FILE] · an-thu bench NAME

Chung: --json, --json-lines, --data DIR. Mã PIN: --pin-env NAME hoặc --pin-file FILE;
--confirm-last-try khi chấp nhận dùng lượt thử cuối trước khi thiết bị bị khóa.`;

/** Every command but `sign`. Gives the exit status. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${help}\n`);
    return name === undefined ? 64 : 0;
  }
  return await execute(async () => {
    const load = commands[name];
    if (!load) throw usage(`không có lệnh «${name}» trong phiên bản này`);
    return await load();
  }, rest);
}
