/** What the parts of the stand-in share: the running Chromium, and the page targets that are windows of the app. */
export const runtime = {
  /** @type {import('./cdp.mjs').Cdp | undefined} */
  cdp: undefined,
  chromium: undefined,
  /** Web contents by Chromium's target id, which is also the id of the top frame. */
  contentsByTarget: new Map(),
  /** Targets being opened by us at this moment; all other new pages are pop-ups. */
  opening: 0,
};
