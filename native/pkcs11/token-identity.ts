import type { PluggedToken } from './module.ts';
import { formatPkcs11Uri, type Pkcs11Uri } from './pkcs11-uri.ts';

/** Identity of a token over plugging and slots: manufacturer, label and serial, as a URI. Never the slot. */
export function tokenId(token: PluggedToken): string {
  return formatPkcs11Uri({
    manufacturer: token.manufacturer,
    token: token.label,
    serial: token.serial,
  });
}

/** URI of a token without naming a key, with the module that drives it. */
export function tokenUri(token: PluggedToken, modulePath: string): string {
  return formatPkcs11Uri({
    manufacturer: token.manufacturer,
    token: token.label,
    serial: token.serial,
    modulePath,
  });
}

/** URI of a key on a token, with the module that drives it. */
export function keyUri(token: PluggedToken, id: string, label: string, modulePath: string): string {
  return formatPkcs11Uri({
    manufacturer: token.manufacturer,
    token: token.label,
    serial: token.serial,
    ...(id === '' ? { object: label } : { id }),
    type: 'private',
    modulePath,
  });
}

/** Whether a token is one that the URI speaks of; an attribute left out matches any. */
export function tokenMatches(token: PluggedToken, uri: Pkcs11Uri): boolean {
  return (
    (uri.token === undefined || uri.token === token.label) &&
    (uri.serial === undefined || uri.serial === token.serial) &&
    (uri.manufacturer === undefined || uri.manufacturer === token.manufacturer)
  );
}
