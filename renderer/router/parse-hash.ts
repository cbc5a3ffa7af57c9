import { routes, startRoute, type RouteId } from '../routes.ts';

export interface Place {
  readonly route: RouteId;
  readonly id: string | null;
}

/** `#/document/abc` → { route: 'document', id: 'abc' }; anything unknown leads to the start screen. */
export function parseHash(hash: string): Place {
  const [name = '', id = ''] = hash.replace(/^#\/?/, '').split('/');
  const route = routes.find((candidate) => candidate.path === `/${name}`);
  if (!route || (route.takesId === 'yes' && id === '')) return { route: startRoute, id: null };
  return { route: route.id, id: route.takesId === 'no' || id === '' ? null : decodeURIComponent(id) };
}

/** The reverse of {@link parseHash}. */
export function hashOf(route: RouteId, id?: string | null): string {
  return id ? `#/${route}/${encodeURIComponent(id)}` : `#/${route}`;
}
