/** No document of an office is longer; what claims to be is there to do harm. */
export const MOST_PAGES = 10_000;
