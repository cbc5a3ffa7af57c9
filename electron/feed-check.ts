/** The file that electron-builder packs beside the program; electron-updater reads there whose signature an installer must bear. */
export const feedFileName = 'app-update.yml';

/**
 * Whether what a feed sends is checked by more than the feed itself before it runs. On Windows the feed is named in a file that any
 * user may make (docs/decisions/windows-manners.md), and electron-updater lets an installer pass unlooked at where this package
 * names no publisher. Elsewhere only an administrator writes that file.
 *
 * @param packed text of {@link feedFileName}; undefined where there is none
 */
export function feedIsChecked(platform: NodeJS.Platform, packed: string | undefined): boolean {
  if (platform !== 'win32') return true;
  return /^publisherName:[ \t]*(?:[^\s[]|\[[ \t]*[^\s\]]|\r?\n[ \t]*-[ \t]*\S)/mu.test(packed ?? '');
}
