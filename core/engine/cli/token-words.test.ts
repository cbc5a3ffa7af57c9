import { expect, test } from 'vitest';
import type { DiagnosedToken, TokenDiagnosis } from '../../contract/token-diagnosis.ts';
import { diagnosisLines } from './token-words.ts';

const summary = {
  der: '',
  commonName: 'Ủy ban nhân dân xã An Phú',
  organization: '',
  issuer: 'CA',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2028-12-31T17:30:00Z',
  serial: '01',
  fingerprint: '',
};

const token: DiagnosedToken = {
  id: 'pkcs11:manufacturer=m;token=a;serial=1',
  label: 'UBND',
  manufacturer: 'm',
  model: 'n',
  serial: '1',
  hardwareVersion: '1.0',
  firmwareVersion: '1.0',
  initialized: true,
  loginRequired: true,
  pinPad: false,
  pinState: 'ok',
  pinLength: { min: 4, max: 16 },
  mechanisms: [],
  certificates: [
    { id: '01', label: '', keyUri: 'pkcs11:id=%01', role: 'end-entity', keyType: 'rsa', bits: 2048, summary },
  ],
};

const linesOf = (shown: DiagnosedToken, tries = { wrong: 0, unclear: 0 }): string => {
  const slot = { slot: '0', description: '', manufacturer: '', removable: true, hardware: true };
  const diagnosis: TokenDiagnosis = {
    platform: 'linux',
    architecture: 'x64',
    advice: [],
    ms: 1,
    modules: [
      {
        path: '/m.so',
        vendor: '',
        sources: ['configured'],
        configured: true,
        exists: true,
        header: null,
        fits: true,
        loads: true,
        info: null,
        slots: [{ ...slot, tokenPresent: true, token: shown, error: null }],
        error: null,
        advice: [{ code: 'module.ready', weight: 'fine', text: 'Hoạt động bình thường.', detail: {} }],
        ms: 1,
      },
    ],
  };
  return diagnosisLines(diagnosis, () => tries).join('\n');
};

test('a certificate ends on its day in Vietnam', () => {
  expect(linesOf(token)).toContain('đến 01/01/2029');
});

test('the tries that we counted stand beside what the token says of them', () => {
  expect(linesOf(token)).toContain('mã PIN 4–16 ký tự: bình thường ·');
  expect(linesOf({ ...token, pinState: 'count-low' }, { wrong: 1, unclear: 0 })).toContain(
    'đã có lần nhập sai (phần mềm đếm được 1 lần sai)',
  );
  expect(linesOf({ ...token, pinState: 'final-try' }, { wrong: 1, unclear: 1 })).toContain(
    'chỉ còn một lượt thử (phần mềm đếm được 1 lần sai)',
  );
});

test('a token that gives no bounds for its PIN is shown without', () => {
  expect(linesOf({ ...token, pinLength: { min: 0, max: 0 } })).toContain('mã PIN: bình thường');
});
