/**
 * Exit statuses of the command line (../shared design/cli.md, "General").
 * 0 and 1 are not errors and are not listed.
 */
export type ExitStatus = 2 | 64 | 66 | 69 | 70 | 73 | 75 | 77;

/**
 * What an error code means. `vi` and `en` say what happened, what stays safe and what to do next;
 * `{name}` stands for a field of the error's detail.
 */
export interface ErrorDefinition {
  readonly exit: ExitStatus;
  readonly vi: string;
  readonly en: string;
}

/** Ties a room's error table to its type so that every code is a literal. */
export function defineErrors<const T extends Record<string, ErrorDefinition>>(table: T): T {
  return table;
}
