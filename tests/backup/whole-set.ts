import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreatedSet } from '../../core/backup/create-set.ts';
import { BackedUpOffice } from './office.ts';

/** An office with letters in both registers, three stored files and an anchor, and a target with one whole set of it. */
export class WholeSet {
  readonly world: BackedUpOffice;
  readonly made: CreatedSet;
  /** Tests that spoil it take a {@link copy}. */
  readonly target: string;

  static async make(): Promise<WholeSet> {
    const world = await BackedUpOffice.open();
    world.office.enter({ subject: 'Sửa đường liên thôn' });
    world.office.enter({}, { registerId: world.office.secondRegister });
    for (let n = 0; n < 3; n++) await world.store();
    writeFileSync(join(world.office.folder.anchors, 'gốc.pem'), 'a certificate');
    const target = world.newTarget();
    return new WholeSet(world, await world.create(target), target);
  }

  private constructor(world: BackedUpOffice, made: CreatedSet, target: string) {
    this.world = world;
    this.made = made;
    this.target = target;
  }

  async copy(): Promise<string> {
    const copy = this.world.newPath();
    await cp(this.target, copy, { recursive: true });
    return copy;
  }

  /** A file of the set in a copy of the target. */
  inSet(target: string, name: 'manifest.json' | 'register.db'): string {
    return join(target, 'sets', this.made.manifest.name, name);
  }

  /** One of its stored files in a copy of the target. */
  pooled(target: string, at = 0): string {
    const sha256 = this.made.manifest.objects[at]?.sha256 ?? '';
    return join(target, this.made.manifest.pool, sha256.slice(0, 2), sha256);
  }

  change(target: string, edit: (manifest: Record<string, unknown>) => void): void {
    const path = this.inSet(target, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    edit(manifest);
    writeFileSync(path, JSON.stringify(manifest));
  }

  /** Makes a forged set's manifest agree with its register. */
  rehash(target: string): void {
    const bytes = readFileSync(this.inSet(target, 'register.db'));
    this.change(target, (manifest) => {
      manifest['register'] = {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      };
    });
  }

  close(): void {
    this.world.close();
  }
}
