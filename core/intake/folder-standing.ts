import { AnThuError } from '../shared/errors.ts';
import { announce, type FolderOwner, isOvertaken } from './folder-owner.ts';

/** How we stand in a scan folder towards a copy of our own register. */
export class FolderStanding {
  readonly #root: string;
  readonly #owner: FolderOwner;
  #announced = false;
  #overtaken = false;

  constructor(root: string, owner: FolderOwner) {
    this.#root = root;
    this.#owner = owner;
  }

  /** Another run of the program with our register is at work here: nothing more may be taken. */
  get isOvertaken(): boolean {
    return this.#overtaken;
  }

  /**
   * Looks again, after a listing; the first look announces us (a word left by an earlier run is no other's until then).
   * Returns what is wrong: `intake.folder-overtaken`.
   */
  async look(): Promise<AnThuError | undefined> {
    const other = this.#announced ? await isOvertaken(this.#root, this.#owner) : 'gone';
    this.#overtaken = other !== undefined && other !== 'gone';
    if (other === 'gone') this.#announced = await announce(this.#root, this.#owner);
    if (other === undefined || other === 'gone') return undefined;
    const { computer, dataFolder } = other;
    return new AnThuError('intake.folder-overtaken', { path: this.#root, computer, dataFolder });
  }
}
