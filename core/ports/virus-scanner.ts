/** What the scanner is and how old its knowledge is. */
export interface ScannerVersion {
  readonly engine: string;
  /** Number of the signature database as the scanner gives it. */
  readonly database: string;
  /** Date of the signature database, ISO 8601, or undefined when the scanner does not tell. */
  readonly databaseDate: string | undefined;
}

/**
 * Verdict over one file. Only `clean` is clean: it is given for an explicit clean answer within our own
 * deadline and for nothing else (findings/shell.md §5).
 */
export type ScanVerdict =
  | { readonly kind: 'clean'; readonly reply: string; readonly version: ScannerVersion }
  | {
      readonly kind: 'infected';
      readonly name: string;
      readonly reply: string;
      readonly version: ScannerVersion;
    }
  | { readonly kind: 'too-large'; readonly limitBytes: number; readonly reply: string }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'error'; readonly reason: string };

export interface VirusScanner {
  scan(path: string): Promise<ScanVerdict>;
  /** The scanner's own word on itself, or why it cannot be asked. */
  version(): Promise<ScannerVersion | { readonly unavailable: string }>;
}
