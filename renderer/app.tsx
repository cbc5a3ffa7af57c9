import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createCommandStore } from './commands/command-store.ts';
import { CommandsContext } from './commands/use-commands.ts';
import type { EngineClient } from './engine/client.ts';
import { EngineContext } from './engine/engine-context.ts';
import { createQueryClient } from './engine/query-client.ts';
import { LanguageProvider } from './i18n/language-provider.tsx';
import { Shell } from './shell/shell.tsx';
import { theme } from './theme.ts';
import { UnlockProvider } from './token/unlock-provider.tsx';

/** The whole window around one engine. */
export function App({ engine }: { readonly engine: EngineClient }) {
  const [queries] = useState(createQueryClient);
  const [commands] = useState(createCommandStore);
  return (
    <EngineContext value={engine}>
      <QueryClientProvider client={queries}>
        <MantineProvider theme={theme} forceColorScheme="light">
          <Notifications position="bottom-left" limit={3} autoClose={3500} containerWidth={340} />
          <CommandsContext value={commands}>
            <LanguageProvider>
              <UnlockProvider>
                <Shell />
              </UnlockProvider>
            </LanguageProvider>
          </CommandsContext>
        </MantineProvider>
      </QueryClientProvider>
    </EngineContext>
  );
}
