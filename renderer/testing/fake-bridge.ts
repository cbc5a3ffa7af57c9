import type { Bridge } from '../engine/bridge.ts';
import { sampleAnswers } from './sample-answers.ts';

type Answer = (input: never) => unknown;

/** A call as the fake engine saw it. */
export interface SeenCall {
  readonly procedure: string;
  readonly input: unknown;
}

/** An engine of sample data for component tests: answers can be replaced, calls are kept. */
export function createFakeBridge(answers: Readonly<Record<string, Answer>> = {}): {
  readonly bridge: Bridge;
  readonly calls: SeenCall[];
  readonly emit: (name: string, value: unknown) => void;
} {
  const calls: SeenCall[] = [];
  const listeners = new Set<(name: string, value: unknown) => void>();
  const table: Readonly<Record<string, Answer>> = { ...sampleAnswers(), ...answers };
  return {
    calls,
    emit: (name, value) => listeners.forEach((listener) => listener(name, value)),
    bridge: {
      version: '0.0.0-test',
      async call(procedure, input) {
        calls.push({ procedure, input });
        const answer = table[procedure];
        if (!answer) throw new Error(`no sample answer for ${procedure}`);
        return structuredClone(answer(input as never));
      },
      onEvent(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
