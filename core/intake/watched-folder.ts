import type { ErrorCode } from '../contract/errors/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { AnThuError, ErrorDetail } from '../shared/errors.ts';
import type { ClaimedFile, SourceIdentity } from './claim-store.ts';
import type { ElsewhereClaims, FolderOwner } from './folder-owner.ts';
import type { SettleTimes } from './settle.ts';
import type { SniffedType } from './sniff.ts';

/**
 * Where a file of the watched folder stands. `settling`, `incomplete`, `empty` and `unreadable` are shown in the
 * scan inbox; `claimed` and `gone` end it (the file is ours, or left by itself); `failed`: it is ours but could
 * not be handed over, or could not be taken, and is tried again.
 */
export type CandidateStage =
  'settling' | 'incomplete' | 'empty' | 'unreadable' | 'failed' | 'claimed' | 'gone';

export interface CandidateState {
  readonly root: string;
  readonly path: string;
  /** For the eye ({@link displayName}). */
  readonly name: string;
  readonly bytes: number;
  readonly type: SniffedType;
  readonly state: CandidateStage;
  /** Since when it stands so, ISO 8601 +07:00. */
  readonly since: string;
  readonly error: { readonly code: ErrorCode; readonly detail: ErrorDetail } | undefined;
}

/** Remembers what was copied from folders that do not let files be moved. */
export interface TakenMemory {
  /** Whether a file with this identity was taken before. */
  isTaken(identity: Omit<SourceIdentity, 'sha256'>): boolean | Promise<boolean>;
  /** Called after `onClaimed` was content with a copied file. Must bear repetition. */
  remember(identity: SourceIdentity): void | Promise<void>;
}

export interface WatchFolderOptions {
  readonly root: string;
  readonly settle: SettleTimes;
  readonly clock: Clock;
  /** Takes the claimed file over; claims are handed over one at a time. When it throws, it is called again later. */
  readonly onClaimed: (claimed: ClaimedFile) => Promise<void>;
  readonly onState: (state: CandidateState) => void;
  /** The folder as a whole is not taken from (`intake.folder-missing`, `intake.folder-overtaken`), or is again (undefined). */
  readonly onFolder?: (error: AnThuError | undefined) => void;
  /** Further names to leave alone. */
  readonly ignore?: (name: string) => boolean;
  /** `events`: chokidar as a hint beside the rescan. `polling`: our own listing only, for network shares. */
  readonly mode?: 'events' | 'polling';
  /** Between full listings: default 60 s, with `polling` 5 s. */
  readonly rescanMs?: number;
  /** How deep below the root files are looked for; default 4, 0 = the folder itself only. */
  readonly depth?: number;
  /** Where files go that cannot be moved; without it they are shown as failed and stay. */
  readonly copyFolder?: string;
  /** Who takes the files; other owners' claims are left alone, and our own left-overs are taken up at every listing. */
  readonly owner: FolderOwner;
  /** What other owners hold, after every listing. */
  readonly onElsewhere?: (held: readonly ElsewhereClaims[]) => void;
  readonly taken?: TakenMemory;
}

export interface WatchedFolder {
  /** Lists the folder now and returns when everything found is a candidate. */
  rescan(): Promise<void>;
  /** Resolves when nothing is settling, being claimed or being handed over. */
  idle(): Promise<void>;
  close(): Promise<void>;
}
