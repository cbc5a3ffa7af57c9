import { eventSchemas, type EventName, type EventValue } from '../../core/contract/events.ts';
import {
  procedures,
  type ProcedureInput,
  type ProcedureName,
  type ProcedureOutput,
} from '../../core/contract/procedures.ts';
import type { Bridge, ShellBridge } from './bridge.ts';
import { EngineError, errorValueOf } from './engine-error.ts';

export type EngineEvent = {
  [N in EventName]: { readonly name: N; readonly value: EventValue<N> };
}[EventName];

/** The engine as the page sees it: typed, and parsed on the way out and in. */
export interface EngineClient {
  readonly version: string;
  readonly shell: ShellBridge;
  call<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>>;
  onEvent(listener: (event: EngineEvent) => void): () => void;
}

/**
 * Wraps the preload's bridge. Every call rejects with {@link EngineError}; an answer that the contract does
 * not know is a `general.defect`, an event that it does not know is dropped.
 */
export function createClient(bridge: Bridge): EngineClient {
  return {
    version: bridge.version,
    shell: bridge.shell ?? {},
    async call<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
      const { input: inputSchema, output: outputSchema } = procedures[name];
      try {
        const answer = await bridge.call(name, inputSchema.parse(input));
        return outputSchema.parse(answer) as ProcedureOutput<N>;
      } catch (error) {
        throw new EngineError(errorValueOf(error));
      }
    },
    onEvent(listener) {
      return bridge.onEvent((name, value) => {
        const event = parseEvent(name, value);
        if (event) listener(event);
      });
    },
  };
}

function parseEvent(name: string, value: unknown): EngineEvent | null {
  if (!Object.hasOwn(eventSchemas, name)) return null;
  const parsed = eventSchemas[name as EventName].safeParse(value);
  return parsed.success ? ({ name, value: parsed.data } as EngineEvent) : null;
}
