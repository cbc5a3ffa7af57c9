/** Throws a defect when an invariant of ours does not hold. Not for checking outside input. */
export function strictAssert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
