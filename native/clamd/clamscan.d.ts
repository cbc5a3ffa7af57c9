/** The part of npm `clamscan` 2.4.0 that we use; the package has no types of its own. */
declare module 'clamscan' {
  import type { Duplex, Readable } from 'node:stream';

  namespace NodeClam {
    interface Settings {
      removeInfected?: boolean;
      quarantineInfected?: boolean | string;
      debugMode?: boolean;
      preference?: 'clamdscan' | 'clamscan';
      clamscan?: { active: boolean; path: string | false };
      clamdscan?: {
        active: boolean;
        path: string | false;
        socket: string | false;
        host: string | false;
        port: number | false;
        timeout: number;
        localFallback: boolean;
        bypassTest: boolean;
      };
    }

    interface ScanResult {
      /** null when the answer was not understood, also after a time-out. */
      isInfected: boolean | null;
      viruses: string[];
      resultString: string;
      timeout: boolean;
    }
  }

  class NodeClam {
    init(settings: NodeClam.Settings): Promise<this>;
    getVersion(): Promise<unknown>;
    scanStream(stream: Readable): Promise<unknown>;
    /** Opens the connection for one command; the only place where the package makes a socket. */
    _initSocket(label?: string): Promise<Duplex>;
  }

  export = NodeClam;
}
