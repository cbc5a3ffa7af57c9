import { useEffect } from 'react';

/** Marks the page (`data-ready="1"`) while the current screen shows its data; screenshots and tests wait for it. */
export function useScreenReady(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    document.documentElement.dataset['ready'] = '1';
    return () => {
      delete document.documentElement.dataset['ready'];
    };
  }, [ready]);
}
