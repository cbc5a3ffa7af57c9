import { render, type RenderResult } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { createCommandStore, type CommandStore } from '../commands/command-store.ts';
import { CommandsContext } from '../commands/use-commands.ts';
import { useCommandKeys } from '../commands/use-command-keys.ts';
import type { Bridge } from '../engine/bridge.ts';
import { createClient } from '../engine/client.ts';
import { EngineContext } from '../engine/engine-context.ts';
import { createQueryClient } from '../engine/query-client.ts';
import { UnlockProvider } from '../token/unlock-provider.tsx';

function Keys({ children }: { readonly children: ReactNode }) {
  useCommandKeys();
  return children;
}

/** Draws a part of the window around a fake engine, with command keys and the PIN dialog working. */
export function renderInWindow(part: ReactNode, bridge: Bridge): RenderResult & { commands: CommandStore } {
  const commands = createCommandStore();
  const result = render(
    <EngineContext value={createClient(bridge)}>
      <QueryClientProvider client={createQueryClient()}>
        <MantineProvider env="test">
          <CommandsContext value={commands}>
            <UnlockProvider>
              <Keys>{part}</Keys>
            </UnlockProvider>
          </CommandsContext>
        </MantineProvider>
      </QueryClientProvider>
    </EngineContext>,
  );
  return { ...result, commands };
}
