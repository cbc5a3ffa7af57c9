/** What we need of Electron's `process.parentPort`. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** The port to the main process when this program runs in an Electron utility process, else undefined. */
export function electronParentPort(): ParentPort | undefined {
  return (process as { parentPort?: ParentPort }).parentPort;
}
