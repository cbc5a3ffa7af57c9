import { Kbd } from '@mantine/core';
import { chordKeys, type Chord } from './chord.ts';

/** The keys of a command as key caps. */
export function ChordKeys({ chord }: { readonly chord: Chord }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'start', gap: 3, whiteSpace: 'nowrap' }}>
      {chordKeys(chord).map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </span>
  );
}
