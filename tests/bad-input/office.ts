import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ErrorCode, ErrorValue } from '../../core/contract/errors/index.ts';
import type { IntakeItem } from '../../core/contract/intake.ts';
import type { ProcedureInput } from '../../core/contract/procedures.ts';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { type Engine, openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import {
  patchSettings,
  readSettings,
  type SettingsPatch,
  writeSettings,
} from '../../core/engine/settings.ts';
import type { Clock } from '../../core/shared/clock.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { createWorkplace, DEMO_PIN, type Workplace } from '../../scripts/demo/workplace.ts';
import { dropFile, letterPdf } from '../kill/stimuli.ts';

export type IntakeState = IntakeItem['state'];

export interface OfficeOptions {
  readonly settings?: SettingsPatch;
  readonly spawner?: ProgramSpawner;
  readonly unlock?: 'unlocked' | 'locked';
  /** The engine's clock; helper programs and services keep the real one. */
  readonly clock?: Clock;
}

/** Where a file comes to rest without anybody's doing. */
const resting: readonly IntakeState[] = ['proposed', 'held', 'failed', 'quarantined'];

/** A sample office with its engine in this process, into which bad things are put. */
export class Office {
  readonly workplace: Workplace;
  readonly #options: OfficeOptions;
  #engine: Engine;
  #seed = 100;

  private constructor(workplace: Workplace, engine: Engine, options: OfficeOptions) {
    this.workplace = workplace;
    this.#engine = engine;
    this.#options = options;
  }

  /** The office's scanner is left out unless the settings name one; files settle quickly. */
  static async create(options: OfficeOptions = {}): Promise<Office> {
    const root = await mkdtemp(join(tmpdir(), 'an-thu-bad-'));
    const workplace = await createWorkplace({ root, key: 'soft-token', scanner: 'left-out' });
    changeSettings(workplace.dataDir, { settle: { quietMs: 60, incompleteAfterMs: 1_000 } });
    if (options.settings) changeSettings(workplace.dataDir, options.settings);
    return new Office(workplace, await open(workplace, options), options);
  }

  get engine(): Engine {
    return this.#engine;
  }

  async reopen(): Promise<void> {
    await this.#engine.close();
    await this.open();
  }

  /** Opens the engine again after somebody closed it. */
  async open(): Promise<void> {
    this.#engine = await open(this.workplace, this.#options);
  }

  async close(): Promise<void> {
    await this.#engine.close();
    await this.workplace.stop();
    await rm(this.workplace.root, { recursive: true, force: true });
  }

  /** Drops a file on the scanner. */
  drop(name: string, bytes: Uint8Array): Promise<void> {
    return dropFile(this.workplace.scanFolder, name, bytes);
  }

  /** The file once it has come to rest in the inbox. */
  item(name: string, states: readonly IntakeState[] = resting): Promise<IntakeItem> {
    return until(`${name} to be ${states.join(' or ')}`, async () => {
      const { items } = await this.#engine.call('intake.list', { limit: 500 });
      return items.find((item) => item.originalName === name && states.includes(item.state));
    });
  }

  async put(name: string, bytes: Uint8Array): Promise<IntakeItem> {
    await this.drop(name, bytes);
    return this.item(name);
  }

  /** A letter that is in order, by a name of its own. */
  async goodLetter(): Promise<{ name: string; bytes: Uint8Array }> {
    this.#seed++;
    return { name: `cong-van-${this.#seed}.pdf`, bytes: await letterPdf(this.#seed) };
  }

  /** The queue goes on: a letter in order passes up to its proposal. */
  async expectGoesOn(): Promise<IntakeItem> {
    const { name, bytes } = await this.goodLetter();
    const item = await this.put(name, bytes);
    expect(item.state, item.error?.message).toBe('proposed');
    return item;
  }

  /** Enters a proposed file in the register. */
  accept(item: IntakeItem, fields: Partial<ProcedureInput<'intake.accept'>['fields']> = {}) {
    const { proposal } = item;
    return this.#engine.call('intake.accept', {
      id: item.id,
      duplicateAccepted: true,
      // The senders of these tests sign for the agency alone, which leaves it to the clerk.
      decision: item.verification ? 'đã hỏi lại nơi gửi' : '',
      fields: {
        issuer: proposal?.issuer?.value ?? 'Sở Nội vụ',
        docNumber: proposal?.docNumber?.value ?? '',
        docNotation: proposal?.docNotation?.value ?? '',
        docDate: proposal?.docDate?.value ?? null,
        typeName: proposal?.typeName?.value ?? 'Công văn',
        subject: proposal?.subject?.value ?? item.originalName,
        ...fields,
      },
    });
  }
}

async function open(workplace: Workplace, options: OfficeOptions): Promise<Engine> {
  const spawner = options.spawner ?? createNodeSpawner();
  const { clock } = options;
  const engine = await openEngine({
    dataDir: workplace.dataDir,
    spawner,
    actor: 'Văn thư',
    ...(clock && { clock }),
  });
  if (options.unlock !== 'locked') await unlock(engine, workplace.keyUri, DEMO_PIN);
  return engine;
}

/** Unlocks the office's key with this PIN. */
export async function unlock(engine: Engine, keyUri: string, pin: string): Promise<void> {
  const pinKey = await engine.call('token.pin-key', { keyUri });
  await engine.call('token.unlock', { keyUri, sealedPin: await sealPin(pinKey, pin) });
}

/** Changes settings of a data folder that no engine has open. */
export function changeSettings(dataDir: string, patch: SettingsPatch): void {
  const database = Database.open(dataFolderAt(dataDir).database);
  writeSettings(database, patchSettings(readSettings(database), patch));
  database.close();
}

/** Asks until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  patienceMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The error has this code and a whole sentence for a person: nothing left open, nothing unknown. */
export function expectShown(error: ErrorValue | null | undefined, code: ErrorCode): void {
  expect(error?.code, error?.message).toBe(code);
  expect(error?.message).toMatch(/^\p{Lu}.*\.$/su);
  expect(error?.message).not.toMatch(/[{}?]|undefined|null|NaN|\[object/u);
}

/** What a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: string }> {
  return call.then(
    () => ({ code: 'no error' }),
    (thrown: { code?: string }) => ({ code: thrown.code ?? String(thrown) }),
  );
}
