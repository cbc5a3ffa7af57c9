import { describe, expect, test } from 'vitest';
import { AnThuError } from '../../core/shared/errors.ts';
import { formatPkcs11Uri, parsePkcs11Uri } from './pkcs11-uri.ts';

const codeOf = (uri: string): string => {
  try {
    parsePkcs11Uri(uri);
  } catch (thrown) {
    if (thrown instanceof AnThuError) return thrown.code;
  }
  return 'accepted';
};

describe('a PKCS#11 URI', () => {
  test('is read with percent-encoding and a binary id', () => {
    expect(
      parsePkcs11Uri(
        'pkcs11:token=Ch%E1%BB%AF%20k%C3%BD;id=%01%fF;object=a%3Bb?module-path=/usr/lib/x%20y.so',
      ),
    ).toEqual({ token: 'Chữ ký', id: '01ff', object: 'a;b', modulePath: '/usr/lib/x y.so' });
  });

  test('survives writing and reading, whatever is in the names', () => {
    const uri = {
      manufacturer: 'Bit4id (S.r.l.)',
      token: "a;b=c?d&e%'*!",
      serial: '00 1',
      id: '00ff',
      object: 'Chủ tịch',
      type: 'private',
      modulePath: '/a b/ç.so',
    };
    expect(parsePkcs11Uri(formatPkcs11Uri(uri))).toEqual(uri);
  });

  test.each([
    ['pkcs11:token=x?pin-value=1', 'token.pin-value-refused'],
    ['pkcs11:pin-value=1', 'token.pin-value-refused'],
    ['pkcs11:token=x?pin-source=file:/x', 'token.pin-value-refused'],
    ['pkcs11:token=x;token=y', 'token.uri-invalid'],
    ['pkcs11:slot-id=1', 'token.uri-invalid'],
    ['pkcs11:token=%zz', 'token.uri-invalid'],
    ['pkcs11:token', 'token.uri-invalid'],
    ['pkcs11:a=b?c=d?e=f', 'token.uri-invalid'],
    ['http://x', 'token.uri-invalid'],
  ])('%s is %s', (uri, code) => expect(codeOf(uri)).toBe(code));
});
