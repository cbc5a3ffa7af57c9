import { useContext, useEffect } from 'react';
import { chordMatches } from './chord.ts';
import { isAvailable } from './command-store.ts';
import { CommandsContext } from './use-commands.ts';

/** A dialog has the keyboard to itself. */
function dialogIsOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}

/** Runs the command whose chord is pressed. Keys of an input method are never looked at. */
export function useCommandKeys(): void {
  const store = useContext(CommandsContext);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || dialogIsOpen()) return;
      const command = store
        .all()
        .find(({ chord, ...rest }) => chord && chordMatches(chord, event) && (rest.when?.() ?? true));
      if (!command || !isAvailable(command)) return;
      event.preventDefault();
      command.run();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store]);
}
