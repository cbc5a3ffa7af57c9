/** One row of a benchmark's table: a label and its figures, as they are shown. */
export interface Row {
  readonly label: string;
  readonly cells: readonly string[];
}

/** What the issue asks of a figure. */
export interface Bar {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: 'ms' | 's' | 'MB' | '×' | '%';
}

/** What a benchmark found. */
export interface BenchResult {
  readonly name: string;
  readonly title: string;
  /** How it was measured, in a sentence or two; says what was left out. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly bars: readonly Bar[];
}

export interface BenchOptions {
  /** `tiny` checks that the benchmark works; its figures say nothing. */
  readonly size: 'full' | 'tiny';
  /** Progress, on standard error. */
  readonly note: (line: string) => void;
}

export type Benchmark = (options: BenchOptions) => Promise<BenchResult>;

export function isMet(bar: Bar): boolean {
  return bar.value <= bar.limit;
}

/** Tenths for small figures, whole numbers for large ones. */
export function figure(value: number): string {
  return Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0);
}
