import type { Page } from '@playwright/test';

/**
 * Resolves the moment the top strip shows this state of the token (`data-token-state`). Watched inside the page, for
 * Playwright's own waiting looks only every half second.
 */
export function stripShows(page: Page, state: string): Promise<void> {
  return page.evaluate(
    (wanted) =>
      new Promise<void>((resolve, reject) => {
        const shown = () => document.querySelector(`[data-token-state="${wanted}"]`) !== null;
        const late = setTimeout(() => reject(new Error(`the strip never showed ${wanted}`)), 30_000);
        const look = () => {
          if (!shown()) return;
          observer.disconnect();
          clearTimeout(late);
          resolve();
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        look();
      }),
    state,
  );
}
