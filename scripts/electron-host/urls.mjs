/**
 * Chromium knows no scheme of ours, so `app://bundle/x` is loaded as `https://bundle.app.host/x` and answered by the
 * handler of `protocol.handle('app', …)`. The app itself only ever sees the `app:` form.
 */
const schemes = new Set();

export function registerScheme(scheme) {
  schemes.add(scheme);
}

export function toChromium(url) {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url);
  return match && schemes.has(match[1]) ? `https://${match[2]}.${match[1]}.host${match[3]}` : url;
}

export function fromChromium(url) {
  const match = /^https:\/\/([^/?#]*)\.([a-z0-9-]+)\.host(?=[/?#]|$)(.*)$/i.exec(url);
  return match && schemes.has(match[2]) ? `${match[2]}://${match[1]}${match[3]}` : url;
}

/** The scheme of a URL without its colon. */
export function schemeOf(url) {
  return /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1].toLowerCase() ?? '';
}
