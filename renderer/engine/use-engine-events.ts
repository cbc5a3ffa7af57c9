import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { EventName } from '../../core/contract/events.ts';
import type { ProcedureName } from '../../core/contract/procedures.ts';
import { useEngine } from './engine-context.ts';

/** Which answers an event makes stale. */
const staleAfter: Record<EventName, readonly ProcedureName[]> = {
  'intake.changed': [
    'intake.list',
    'intake.get',
    'intake.judgements',
    'verification.sheet',
    'engine.status',
    'audit.list',
  ],
  'register.changed': [
    'register.list',
    'register.get',
    'register.registers',
    'register.duplicates',
    'engine.status',
    'audit.list',
  ],
  'document.changed': [
    'document.get',
    'verification.sheet',
    'register.list',
    'engine.status',
    'sealing.list',
    'audit.list',
  ],
  'sync.changed': ['sync.status', 'sync.list', 'document.get', 'engine.status'],
  'token.changed': [
    'token.list',
    'token.sessions',
    'token.choices',
    'token-register.list',
    'sealing.list',
    'services.status',
    'engine.status',
  ],
  'sealing.changed': ['sealing.list', 'engine.status'],
  'services.changed': ['services.status'],
};

/** Asks again whatever an event of the engine made stale. */
export function useEngineEvents(): void {
  const engine = useEngine();
  const queries = useQueryClient();
  useEffect(
    () =>
      engine.onEvent((event) => {
        for (const name of staleAfter[event.name]) void queries.invalidateQueries({ queryKey: [name] });
      }),
    [engine, queries],
  );
}
