import type { ErrorCode } from '../contract/errors/index.ts';
import { type Reading, type SettleTimes, SettleTracker } from './settle.ts';
import type { SniffedType } from './sniff.ts';
import type { CandidateStage } from './watched-folder.ts';

/** A file of the watched folder that is not ours yet, and what was found out about it. */
export interface Candidate {
  readonly path: string;
  readonly tracker: SettleTracker;
  type: SniffedType;
  stage: CandidateStage | undefined;
  error: ErrorCode | undefined;
  reason: string;
  /** Already copied and handed over, or not wanted: only looked at again when it changes. */
  settledReading: Reading | undefined;
}

export function newCandidate(path: string, settle: SettleTimes): Candidate {
  return {
    path,
    tracker: new SettleTracker(settle),
    type: 'unknown',
    stage: undefined,
    error: undefined,
    reason: '',
    settledReading: undefined,
  };
}
