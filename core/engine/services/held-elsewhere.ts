import type { ProcedureOutput } from '../../contract/procedures.ts';
import type { ElsewhereClaims } from '../../intake/folder-owner.ts';
import { listElsewhere } from '../../intake/folder-owner.ts';
import type { ClaimedFile } from '../../intake/claim-store.ts';
import { type Clock, vietnamIso } from '../../shared/clock.ts';
import { AnThuError, toErrorValue } from '../../shared/errors.ts';
import { displayName } from '../../shared/file-names.ts';
import { inTime } from '../../shared/in-time.ts';
import { showOutsideText } from '../../shared/outside-text.ts';
import type { EngineContext } from '../context.ts';
import { claimOwner } from './claim-owner.ts';

type Candidate = ProcedureOutput<'intake.list'>['candidates'][number];
type FoldersElsewhere = ProcedureOutput<'intake.elsewhere'>['folders'];

/** Another program takes a file in within seconds; what it holds for so long is shown to our clerk, too. */
const SHOWN_AFTER_MS = 10 * 60_000;

const LOOK_PATIENCE_MS = 2_000;

interface Held {
  readonly seenAt: number;
  readonly shown: Candidate;
}

/** Files of our scan folders that other owners took and do not put aside: theirs to finish, but seen by somebody. */
export class HeldElsewhere {
  readonly #clock: Clock;
  readonly #held = new Map<string, Map<string, Held>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What others hold in a scan folder by now. */
  note(root: string, claims: readonly ElsewhereClaims[]): void {
    const before = this.#held.get(root);
    const now = new Map<string, Held>();
    for (const claim of claims) {
      for (const file of claim.files) {
        now.set(
          file.path,
          before?.get(file.path) ?? {
            seenAt: this.#clock.monotonic(),
            shown: this.#candidate(claim, file),
          },
        );
      }
    }
    this.#held.set(root, now);
  }

  /** Those held for too long. */
  candidates(): Candidate[] {
    const until = this.#clock.monotonic() - SHOWN_AFTER_MS;
    return [...this.#held.values()].flatMap((held) =>
      [...held.values()].filter(({ seenAt }) => seenAt <= until).map(({ shown }) => shown),
    );
  }

  clear(): void {
    this.#held.clear();
  }

  #candidate(claim: ElsewhereClaims, { path, bytes, originalName }: ClaimedFile): Candidate {
    const name = displayName(originalName);
    const place = showOutsideText(path);
    const error =
      claim.owner === null
        ? new AnThuError('intake.held-unowned', { name, path: place })
        : new AnThuError('intake.held-elsewhere', {
            name,
            path: place,
            computer: claim.computer ?? claim.owner,
            dataFolder: claim.dataFolder ?? '…',
          });
    const since = vietnamIso(this.#clock.now());
    return { path, name, bytes, state: 'held-elsewhere', since, error: toErrorValue(error) };
  }
}

/** Looks anew who else takes files out of our scan folders; a share that does not answer in time is left out. */
export async function foldersElsewhere(context: EngineContext): Promise<FoldersElsewhere> {
  const owner = claimOwner(context).id;
  const roots = context.settings().watchedFolders.map(({ path }) => path);
  const found = await Promise.all(
    [...new Set(roots)].map(async (path) => {
      const claims = await inTime(listElsewhere(path, owner), LOOK_PATIENCE_MS, new Error('late')).catch(
        () => [],
      );
      return claims.map((claim) => ({
        path,
        owner: claim.owner,
        computer: claim.computer,
        dataFolder: claim.dataFolder,
        files: claim.files.map((file) => ({
          name: displayName(file.originalName),
          bytes: file.bytes,
          path: file.path,
        })),
      }));
    }),
  );
  return found.flat();
}
