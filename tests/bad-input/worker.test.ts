import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { ProgramHandle, ProgramSpawner, SpawnOptions } from '../../core/ports/program-spawner.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { expectShown, Office } from './office.ts';

/** Kills the worker whenever it is given a file of this name, as a file that breaks its parser would. */
const POISON = 'giet-tien-trinh.pdf';
let kills = 0;
/** Heap of the next worker, when it is to be tighter than usual. */
let heapMb: number | undefined;
const started: number[] = [];

function treacherousSpawner(): ProgramSpawner {
  const real = createNodeSpawner();
  return {
    spawn(name, options: SpawnOptions = {}): ProgramHandle {
      if (name !== 'document-worker') return real.spawn(name, options);
      const handle = real.spawn(name, heapMb === undefined ? options : { ...options, memoryMb: heapMb });
      started.push(handle.pid ?? 0);
      return {
        get pid() {
          return handle.pid;
        },
        post(message) {
          handle.post(message);
          if (!JSON.stringify(message).includes(POISON)) return;
          kills++;
          handle.kill();
        },
        onMessage: (listener) => handle.onMessage(listener),
        onExit: (listener) => handle.onExit(listener),
        kill: () => handle.kill(),
      };
    },
  };
}

let office: Office;
beforeAll(async () => {
  office = await Office.create({ spawner: treacherousSpawner() });
});
afterAll(() => office.close());

describe('a file that kills the worker', () => {
  it('is tried three times, then set aside with its reason; the next file gets a new worker', async () => {
    const { bytes } = await office.goodLetter();
    const item = await office.put(POISON, bytes);
    expect(item.state).toBe('failed');
    expectShown(item.error, 'general.program-died');
    expect(kills).toBe(3);
    const before = started.length;
    await office.expectGoesOn();
    expect(started.length).toBeGreaterThan(before);
  });

  it('by using up its memory takes nothing else with it', async () => {
    // A worker with little room, and a file with many objects: it dies of its own limit, the engine does not.
    heapMb = 24;
    for (const pid of started.slice(-1)) process.kill(pid, 'SIGKILL');
    const objects = [...onePageObjects(), ...Array.from({ length: 400_000 }, () => '<< /A [1 2 3] >>')];
    objects[0] = `<< /Type /Catalog /Pages 2 0 R /Extra [${Array.from({ length: 400_000 }, (_, n) => `${n + 4} 0 R`).join(' ')}] >>`;
    const item = await office.put('het-bo-nho.pdf', rawPdf({ objects }));
    heapMb = undefined;
    expect(item.state).toBe('failed');
    expectShown(item.error, 'general.program-died');
    for (const pid of started.slice(-1)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
    await office.expectGoesOn();
  });
});
