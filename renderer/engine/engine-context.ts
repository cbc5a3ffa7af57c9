import { createContext, useContext } from 'react';
import type { EngineClient } from './client.ts';

export const EngineContext = createContext<EngineClient | null>(null);

/** The engine's client; the window puts one around everything. */
export function useEngine(): EngineClient {
  const client = useContext(EngineContext);
  if (!client) throw new Error('no engine around this component');
  return client;
}
