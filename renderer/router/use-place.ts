import { useMemo, useSyncExternalStore } from 'react';
import type { RouteId } from '../routes.ts';
import { hashOf, parseHash, type Place } from './parse-hash.ts';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** The screen the address names. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseHash(hash), [hash]);
}

/** Goes to another screen. */
export function goTo(route: RouteId, id?: string | null): void {
  window.location.hash = hashOf(route, id);
}
