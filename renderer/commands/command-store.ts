import type { Command } from './command.ts';

/** The commands that the mounted parts of the window offer, later ones first. */
export interface CommandStore {
  add(commands: () => readonly Command[]): () => void;
  /** All, including those that cannot be done now. */
  all(): readonly Command[];
}

export function createCommandStore(): CommandStore {
  const sources: (() => readonly Command[])[] = [];
  return {
    add(commands) {
      sources.unshift(commands);
      return () => {
        const index = sources.indexOf(commands);
        if (index >= 0) sources.splice(index, 1);
      };
    },
    all: () => sources.flatMap((source) => source()),
  };
}

/** Whether the command can be done now. */
export function isAvailable(command: Command): boolean {
  return command.when?.() ?? true;
}
