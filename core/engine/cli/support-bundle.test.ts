import { expect, test } from 'vitest';
import { withoutSecrets } from './support-bundle.ts';

test('nothing that may be a secret is in a support bundle, at any depth', () => {
  const data = {
    signing: { keyUri: 'pkcs11:token=a?pin-value=123456&module-path=/home/lan/x.so', pin: '123456' },
    sync: {
      serverUrl: 'https://lan:matkhau@tinh.example/api',
      officeSecret: 's3cret',
      list: [{ password: 'p' }],
    },
    tokens: [{ pinState: 'ok', pinPad: false, summary: { der: 'MIIB', commonName: 'Văn thư' } }],
  };
  expect(withoutSecrets(data, '/home/lan')).toEqual({
    signing: { keyUri: 'pkcs11:token=a?pin-value=…&module-path=~/x.so' },
    sync: { serverUrl: 'https://tinh.example/api', list: [{}] },
    tokens: [{ pinState: 'ok', pinPad: false, summary: { commonName: 'Văn thư' } }],
  });
});

test('numbers, booleans and null stay what they are', () => {
  expect(withoutSecrets({ a: 1, b: true, c: null }, '/home/lan')).toEqual({ a: 1, b: true, c: null });
});
