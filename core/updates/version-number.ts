import { z } from 'zod';

/** A release of the product: three whole numbers, no labels. */
export const versionNumberSchema = z.string().regex(/^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}$/u);

/** Negative when `a` is older than `b`, 0 when they are the same. Both must fit {@link versionNumberSchema}. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (const [index, part] of left.entries()) {
    const difference = part - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
