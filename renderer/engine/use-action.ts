import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../core/contract/procedures.ts';
import { useEngine } from './engine-context.ts';

/** A procedure that changes something; afterwards everything shown is asked anew. */
export function useAction<N extends ProcedureName>(
  name: N,
): UseMutationResult<ProcedureOutput<N>, Error, ProcedureInput<N>> {
  const engine = useEngine();
  const queries = useQueryClient();
  return useMutation<ProcedureOutput<N>, Error, ProcedureInput<N>>({
    mutationFn: (input) => engine.call(name, input),
    // How the services are takes asking them, and hardly depends on what the clerk does.
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'services.status' }),
  });
}
