import { expect, it } from 'vitest';
import { namesKey, pathOfKey } from './same-key.ts';
import type { TokenKey } from './token.ts';

const path = '/usr/lib/bit4id/libbit4xpki.so';
const token = { label: 'UBND xã', manufacturer: 'Bit4id', serial: '0042' };
const key: TokenKey = {
  uri: `pkcs11:manufacturer=Bit4id;token=UBND%20x%C3%A3;serial=0042;id=%01%A2;type=private?module-path=${path}`,
  label: 'khóa ký',
  id: '01a2',
  keyType: 'rsa',
  bits: 2048,
  certificate: null,
};

it.each([
  key.uri,
  'pkcs11:id=%01%a2',
  'pkcs11:token=UBND%20xã;id=%01%A2',
  `pkcs11:serial=0042;object=kh%C3%B3a%20k%C3%BD?module-path=${encodeURIComponent(path)}`,
  'pkcs11:token=UBND%20x%C3%A3',
])('%s names the key', (uri) => {
  expect(namesKey(uri, key, token, path)).toBe(true);
});

it.each([
  'pkcs11:id=%01%a3',
  'pkcs11:token=UBND;id=%01%A2',
  'pkcs11:serial=43;id=%01%A2',
  'pkcs11:object=khác',
  'pkcs11:id=%01%A2?module-path=/usr/lib/other.so',
  'file:///home/an/khoa.p12',
  'pkcs11:token=%zz',
])('%s does not', (uri) => {
  expect(namesKey(uri, key, token, path)).toBe(false);
});

it('the library stands in the key’s address, a file is its own', () => {
  expect(pathOfKey(key.uri)).toBe(path);
  expect(pathOfKey('file:///home/an/kh%C3%B3a.p12')).toBe('/home/an/khóa.p12');
  expect(pathOfKey('pkcs11:token=x')).toBe('');
});
