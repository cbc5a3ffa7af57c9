/** Where a key leads in a table of `total` rows, or null when the key means nothing there. */
export function rowAfterKey(key: string, current: number, total: number, page: number): number | null {
  if (total === 0) return null;
  const wanted: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: total - 1,
  };
  const row = wanted[key];
  return row === undefined ? null : Math.min(Math.max(row, 0), total - 1);
}
