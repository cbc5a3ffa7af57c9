/** Stands in for failpoint.ts in release bundles; the bundler removes calls to it. */
export function failpoint(_name: string): void {}
