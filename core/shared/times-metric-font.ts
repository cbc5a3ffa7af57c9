import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const files = { regular: '400Regular/Tinos_400Regular.ttf', bold: '700Bold/Tinos_700Bold.ttf' };

/** The Times-metric font that everything of ours is written in (Tinos: domain/vietnam.md §1.3): a TrueType file. */
export function timesMetricFont(style: keyof typeof files): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(`@expo-google-fonts/tinos/${files[style]}`));
}
