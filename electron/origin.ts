/** Scheme and host of everything the window loads. */
export const appScheme = 'app';
export const appHost = 'bundle';
export const startUrl = `${appScheme}://${appHost}/index.html`;

/**
 * Whether a URL belongs to our own page. Compared by its parsed parts, never by prefix: `app://bundle.evil/`,
 * `app://x@bundle/` and `https://evil/?app://bundle/` are not ours.
 */
export function isOurUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.protocol === `${appScheme}:` &&
    url.host === appHost &&
    url.username === '' &&
    url.password === ''
  );
}
