import { openPdf } from '../../pdf/document.ts';
import { AnThuError } from '../../shared/errors.ts';

/** From this many files on it pays to start threads for them, and to compile what they run. */
export const CREW_FROM = 12;
const MANY_OBJECTS = 20_000;

/** What there is so much of in these files that V8's compilers are worth their memory. */
export function longWork(inputs: readonly string[]): 'many-files' | 'many-objects' | undefined {
  if (inputs.length >= CREW_FROM) return 'many-files';
  return inputs.some(hasManyObjects) ? 'many-objects' : undefined;
}

/** By the cross-reference alone; what cannot be opened will be told by who signs it. */
function hasManyObjects(path: string): boolean {
  try {
    const pdf = openPdf(path, { password: '' });
    try {
      return pdf.firstFree > MANY_OBJECTS;
    } finally {
      pdf.close();
    }
  } catch (thrown) {
    if (thrown instanceof AnThuError) return false;
    throw thrown;
  }
}
