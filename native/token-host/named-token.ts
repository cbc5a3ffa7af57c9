import { formatPkcs11Uri, type Pkcs11Uri, parsePkcs11Uri } from '../pkcs11/pkcs11-uri.ts';
import { softTokenPath } from '../soft-token/soft-uri.ts';

const isOfModule = (uri: string): boolean => uri.startsWith('pkcs11:');

/** Id of the token that a key URI names with all that a listed one has; of a shorter one the host must tell it. */
export function tokenNamedBy(keyUri: string): string | undefined {
  if (!isOfModule(keyUri)) return undefined;
  const { manufacturer, token, serial } = parsePkcs11Uri(keyUri);
  if (manufacturer === undefined || token === undefined || serial === undefined) return undefined;
  return formatPkcs11Uri({ manufacturer, token, serial });
}

/** Whether two addresses of keys can be of one token: nothing of it that both name is different. */
export function mayMeanOneToken(a: string, b: string): boolean {
  if (isOfModule(a) !== isOfModule(b)) return false;
  if (!isOfModule(a)) return softTokenPath(a) === softTokenPath(b);
  const [one, other] = [readable(a), readable(b)];
  return (['manufacturer', 'token', 'serial', 'modulePath'] as const).every(
    (name) => one[name] === undefined || other[name] === undefined || one[name] === other[name],
  );
}

/** Of one that is none nothing is known: whoever uses it is told. */
function readable(uri: string): Pkcs11Uri {
  try {
    return parsePkcs11Uri(uri);
  } catch {
    return {};
  }
}
