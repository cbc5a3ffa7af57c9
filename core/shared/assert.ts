/** Throws a defect when an invariant of ours does not hold. Not for checking outside input. */
export function strictAssert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** For the default branch of a switch over a union: a type error when a case is missing. */
export function missingCaseError(value: never): Error {
  return new Error(`Missing case: ${JSON.stringify(value)}`);
}
