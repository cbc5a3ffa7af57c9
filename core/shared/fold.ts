/**
 * Folds Vietnamese text for search: no marks, đ as d, lower case. `duong` then finds `đường`, whether it
 * was typed composed or decomposed (findings/shell.md §4: no FTS5 tokenizer folds đ).
 */
export function foldVietnamese(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đÐ]/g, 'd')
    .replace(/Đ/g, 'D')
    .toLowerCase();
}
