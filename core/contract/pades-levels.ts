/** PAdES baseline levels (EN 319 142-1), the lowest first. */
export const padesLevels = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
