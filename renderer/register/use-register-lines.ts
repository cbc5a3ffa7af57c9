import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Arrival } from '../../core/contract/register.ts';
import { useEngine } from '../engine/engine-context.ts';
import { useProcedure } from '../engine/use-procedure.ts';

/** What part of the register is asked for. */
export interface RegisterQuestion {
  readonly query: string;
  readonly year?: number | undefined;
  readonly registerId?: string | undefined;
}

/** Rows fetched at once. */
const windowSize = 100;

interface RegisterLines {
  readonly total: number;
  readonly at: (index: number) => Arrival | null;
  readonly ready: boolean;
  readonly error: Error | null;
}

/** The rows of the register around the visible ones, fetched window by window; 100,000 rows cost no more than 300. */
export function useRegisterLines(question: RegisterQuestion, first: number, last: number): RegisterLines {
  const engine = useEngine();
  const head = useProcedure(
    'register.list',
    { ...question, offset: 0, limit: windowSize },
    { whileLoading: 'previous' },
  );
  const offsets = useMemo(() => windowsOf(first, last), [first, last]);
  const windows = useQueries({
    queries: offsets
      .filter((offset) => offset > 0)
      .map((offset) => {
        const input = { ...question, offset, limit: windowSize };
        return {
          queryKey: ['register.list', input],
          queryFn: () => engine.call('register.list', input),
          placeholderData: keepPreviousData,
        };
      }),
  });
  const known = new Map<number, readonly Arrival[]>([[0, head.data?.rows ?? []]]);
  offsets
    .filter((offset) => offset > 0)
    .forEach((offset, index) => known.set(offset, windows[index]?.data?.rows ?? []));
  return {
    total: head.data?.total ?? 0,
    at: (index) => known.get(index - (index % windowSize))?.[index % windowSize] ?? null,
    ready: !head.isPending,
    error: head.error,
  };
}

/** Offsets of the windows that hold rows `first` to `last`. */
export function windowsOf(first: number, last: number): number[] {
  const offsets: number[] = [];
  for (let offset = first - (first % windowSize); offset <= last; offset += windowSize) offsets.push(offset);
  return offsets;
}
