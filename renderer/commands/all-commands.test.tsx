import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { renderInWindow } from '../testing/render-in-window.tsx';
import { Shell } from '../shell/shell.tsx';
import { routes } from '../routes.ts';
import { hashOf } from '../router/parse-hash.ts';
import { isSafeChord } from './chord.ts';

vi.mock('../pages/pages-view.tsx', () => ({ PagesView: () => <div>pages</div> }));

test.each(routes.map((route) => route.id))(
  'on the screen %s no command has a key that types text, and no two share one',
  async (route) => {
    window.location.hash = hashOf(route, route === 'document' ? 'document-216' : null);
    const { commands } = renderInWindow(<Shell />, createFakeBridge().bridge);
    await screen.findAllByText('Ủy ban nhân dân xã An Phú');
    await waitFor(() => expect(commands.all().length).toBeGreaterThan(8));
    const chords = commands.all().flatMap((command) => command.chord ?? []);
    expect(chords.filter((chord) => !isSafeChord(chord))).toEqual([]);
    expect(chords.filter((chord, index) => chords.indexOf(chord) !== index)).toEqual([]);
  },
);
