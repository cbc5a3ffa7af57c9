import { useState } from 'react';
import { useCommandKeys } from '../commands/use-command-keys.ts';
import { Palette } from '../commands/palette.tsx';
import { ShortcutSheet } from '../commands/shortcut-sheet.tsx';
import { useCommands } from '../commands/use-commands.ts';
import { useEngineEvents } from '../engine/use-engine-events.ts';
import { goTo, usePlace } from '../router/use-place.ts';
import { DemoBanner } from './demo-banner.tsx';
import { Navigation } from './navigation.tsx';
import { navigationItems } from './navigation-items.ts';
import { ScreenBoundary } from './screen-boundary.tsx';
import { Screen } from './screen.tsx';
import { TopStrip } from './top-strip.tsx';
import './shell.css';

/** The frame around every screen, and what can be done from anywhere. */
export function Shell() {
  const [overlay, setOverlay] = useState<'palette' | 'shortcuts' | null>(null);
  const place = usePlace();
  useEngineEvents();
  useCommandKeys();
  useCommands([
    ...navigationItems.map(({ route, title, chord }) => ({
      id: `go-${route}`,
      title,
      group: 'go' as const,
      chord,
      run: () => goTo(route),
    })),
    {
      id: 'palette',
      title: 'palette.title',
      group: 'help',
      chord: 'Ctrl+K',
      run: () => setOverlay('palette'),
    },
    {
      id: 'shortcuts',
      title: 'shortcuts.title',
      group: 'help',
      chord: 'F1',
      run: () => setOverlay('shortcuts'),
    },
  ]);
  return (
    <div className="shell">
      <header className="shell-top">
        <TopStrip onPalette={() => setOverlay('palette')} onShortcuts={() => setOverlay('shortcuts')} />
        <DemoBanner />
      </header>
      <Navigation />
      <main className="shell-main">
        <ScreenBoundary key={place.route}>
          <Screen />
        </ScreenBoundary>
      </main>
      {overlay === 'palette' && <Palette onClose={() => setOverlay(null)} />}
      {overlay === 'shortcuts' && <ShortcutSheet onClose={() => setOverlay(null)} />}
    </div>
  );
}
