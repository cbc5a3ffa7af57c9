/** Helper programs that run in processes of their own, so that they can be capped, killed and restarted. */
export type ProgramName = 'token-host' | 'document-worker' | 'ocr-worker';

export interface ProgramHandle {
  readonly pid: number | undefined;
  /** Structured-clone message (typed arrays allowed; prefer file paths for anything large). */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with a reason for a person ("exit code 1", "signal SIGSEGV"). */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export interface SpawnOptions {
  /** Arguments after the program's path. Never a secret. */
  readonly args?: readonly string[];
  /** Added to the environment of the parent (module settings such as SOFTHSM2_CONF). */
  readonly env?: Readonly<Record<string, string>>;
  /** Heap cap in MiB. */
  readonly memoryMb?: number;
}

/**
 * Starts helper programs. Node hosts fork; in Electron the engine asks the main process, which starts a
 * utility process (the RunAsNode fuse is off, so the engine cannot fork there).
 */
export interface ProgramSpawner {
  spawn(name: ProgramName, options?: SpawnOptions): ProgramHandle;
}
