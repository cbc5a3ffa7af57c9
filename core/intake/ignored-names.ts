/** Folder of ours inside each watched folder: claimed files and, under `da-nhan`, those that were taken in. */
export const CLAIM_FOLDER = '.an-thu';

const IGNORED_NAMES = new Set([
  'desktop.ini',
  'thumbs.db',
  'ehthumbs.db',
  '$recycle.bin',
  'system volume information',
]);
const IGNORED_ENDINGS = [
  '.part',
  '.partial',
  '.tmp',
  '.temp',
  '.crdownload',
  '.download',
  '.filepart',
  '.swp',
  '.lnk',
  '.lock',
];

/** Names that are never documents: hidden files, half downloads, office locks, what Windows leaves in folders. */
export function isIgnoredName(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    lower.startsWith('.') ||
    lower.startsWith('~$') ||
    lower.startsWith('~') ||
    lower.endsWith('~') ||
    IGNORED_NAMES.has(lower) ||
    IGNORED_ENDINGS.some((ending) => lower.endsWith(ending))
  );
}
