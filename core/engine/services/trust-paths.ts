import type { EngineContext } from '../context.ts';
import type { TrustPaths } from '../document-worker-client.ts';

/** Where this office's anchors and CA certificates lie. */
export function trustPaths(context: EngineContext): TrustPaths {
  const { anchors, tsaAnchors, certificates } = context.folder;
  return { anchors: [anchors], tsaAnchors: [tsaAnchors], certificates: [certificates] };
}
