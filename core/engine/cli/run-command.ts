import type { AnThuError } from '../../shared/errors.ts';
import { version } from '../version.ts';
import { usage } from './arguments.ts';
import { type Command, execute } from './execute.ts';
import { helpAsked } from './help-asked.ts';

/** Each command is loaded when it is asked for, so that `--version` touches nothing. For `sign` see main.ts. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  extend: async () => (await import('./commands/extend.ts')).extendCommand,
  fields: async () => (await import('./commands/fields.ts')).fieldsCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
  trust: async () => (await import('./commands/trust.ts')).trustCommand,
  agency: async () => (await import('./commands/data.ts')).agencyCommand,
  intake: async () => (await import('./commands/data.ts')).intakeCommand,
  register: async () => (await import('./commands/data.ts')).registerCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  sync: async () => (await import('./commands/sync.ts')).syncCommand,
  archive: async () => (await import('./commands/archive.ts')).archiveCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  update: async () => (await import('./commands/update.ts')).updateCommand,
  bench: async () => (await import('./commands/bench.ts')).benchCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
};

/** Every command but `sign`, and the help of all. Gives the exit status. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const asked = name === undefined ? [] : helpAsked(argv);
  if (asked) {
    const { helpText } = await import('./help/show-help.ts');
    const page = helpText(asked);
    if (page === undefined) return await execute(() => Promise.reject(unknownCommand(asked[0])), rest);
    process.stdout.write(page);
    return name === undefined ? 64 : 0;
  }
  return await execute(async () => {
    const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!load) throw unknownCommand(name);
    return await load();
  }, rest);
}

const unknownCommand = (name = ''): AnThuError => usage(`không có lệnh «${name}» trong phiên bản này`);
