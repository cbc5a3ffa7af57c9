import { createContext, useContext, useEffect, useRef } from 'react';
import type { Command } from './command.ts';
import { createCommandStore, type CommandStore } from './command-store.ts';

export const CommandsContext = createContext<CommandStore>(createCommandStore());

/** Offers commands while the component is mounted; always runs the newest closures. */
export function useCommands(commands: readonly Command[]): void {
  const store = useContext(CommandsContext);
  const newest = useRef(commands);
  useEffect(() => {
    newest.current = commands;
  });
  useEffect(() => store.add(() => newest.current), [store]);
}
