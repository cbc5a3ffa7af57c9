/** A screen of the window; `path` follows `#`. Free of imports, so that scripts can read the list. */
export interface RouteInfo {
  readonly id: RouteId;
  readonly path: string;
  /** Needs an id after the path. */
  readonly takesId: 'no' | 'optional' | 'yes';
}

export type RouteId =
  | 'inbox'
  | 'register'
  | 'document'
  | 'sealing'
  | 'sync'
  | 'devices'
  | 'diagnosis'
  | 'tokens'
  | 'audit'
  | 'settings';

/** Every screen, in the order of the navigation. The screenshot run visits them all. */
export const routes: readonly RouteInfo[] = [
  { id: 'inbox', path: '/inbox', takesId: 'optional' },
  { id: 'register', path: '/register', takesId: 'no' },
  { id: 'document', path: '/document', takesId: 'yes' },
  { id: 'sealing', path: '/sealing', takesId: 'no' },
  { id: 'sync', path: '/sync', takesId: 'no' },
  { id: 'devices', path: '/devices', takesId: 'no' },
  { id: 'diagnosis', path: '/diagnosis', takesId: 'no' },
  { id: 'tokens', path: '/tokens', takesId: 'no' },
  { id: 'audit', path: '/audit', takesId: 'no' },
  { id: 'settings', path: '/settings', takesId: 'no' },
];

/** Where the window starts. */
export const startRoute: RouteId = 'inbox';
