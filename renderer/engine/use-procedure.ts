import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../core/contract/procedures.ts';
import { useEngine } from './engine-context.ts';

interface Options {
  readonly enabled?: boolean;
  /** Asks again after so many milliseconds, besides after events. */
  readonly every?: number;
  /** What to show while a different input is being asked. */
  readonly whileLoading?: 'nothing' | 'previous';
}

/** Asks the engine and keeps the answer fresh (events make it ask again, see use-engine-events.ts). */
export function useProcedure<N extends ProcedureName>(
  name: N,
  input: ProcedureInput<N>,
  options: Options = {},
): UseQueryResult<ProcedureOutput<N>> {
  const engine = useEngine();
  return useQuery<ProcedureOutput<N>>({
    queryKey: [name, input],
    queryFn: () => engine.call(name, input),
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
    // The conditional type hides from the compiler that this is the same output.
    ...(options.whileLoading === 'previous' ? { placeholderData: keepPreviousData as never } : {}),
  });
}
