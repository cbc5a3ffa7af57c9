import { officePages } from './office-pages.ts';
import type { HelpPage } from './page.ts';
import { signingPages } from './signing-pages.ts';
import { tokenPages } from './token-pages.ts';

/** By command; sub-commands that parse options of their own have their own page. */
export const helpPages: Readonly<Record<string, HelpPage>> = {
  ...signingPages,
  ...tokenPages,
  ...officePages,
};

/** The page of the longest command that `words` begin with; undefined when their first one is none. */
export function findPage(words: readonly string[]): readonly [name: string, page: HelpPage] | undefined {
  for (let length = words.length; length > 0; length--) {
    const name = words.slice(0, length).join(' ');
    if (Object.hasOwn(helpPages, name)) return [name, helpPages[name]!];
  }
  return undefined;
}
