import pkcs11js from 'pkcs11js';
import { describe, expect, test } from 'vitest';
import { errorDefinitions } from '../../core/contract/errors/index.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { tokenError } from './ckr.ts';
import { pinStateOf, tokenFlag } from './token-flags.ts';

const ckrNames = Object.keys(pkcs11js).filter((name) => name.startsWith('CKR_') && name !== 'CKR_OK');
const errorFor = (name: string, operation: string) =>
  tokenError(new pkcs11js.Pkcs11Error(`${name}:1`, 1), operation);
const codeFor = (name: string): string => errorFor(name, 'C_Login').code;

describe('return values of modules', () => {
  test('all become an error of the token room', () => {
    expect(ckrNames.length).toBeGreaterThan(80);
    for (const name of ckrNames) {
      expect(codeFor(name)).toMatch(/^token\./);
      expect(errorDefinitions).toHaveProperty([codeFor(name)]);
    }
  });

  test('only CKR_PIN_INCORRECT says that the PIN is wrong', () => {
    expect(ckrNames.filter((name) => codeFor(name) === 'token.pin-incorrect')).toEqual(['CKR_PIN_INCORRECT']);
  });

  test('and no other function may say so: no PIN was sent', () => {
    for (const operation of ['C_Sign', 'C_SignInit', 'C_GetTokenInfo'])
      for (const name of ckrNames) expect(errorFor(name, operation).code).not.toBe('token.pin-incorrect');
  });

  test('that mean a fault of the driver leave open whether a PIN was looked at, and only then', () => {
    for (const name of ['CKR_GENERAL_ERROR', 'CKR_FUNCTION_FAILED', 'CKR_DEVICE_ERROR', 'CKR_HOST_MEMORY']) {
      expect(codeFor(name)).toBe('token.login-unclear');
      expect(errorFor(name, 'C_Login').detail['trySpent']).toBe('unclear');
      expect(errorFor(name, 'C_Sign').code).toBe('token.driver-fault');
      expect(errorFor(name, 'C_Sign').detail).not.toHaveProperty('trySpent');
    }
  });

  test('without a CKR name are a driver fault, and our own errors stay as they are', () => {
    expect(tokenError(new TypeError('x'), 'C_Sign').code).toBe('token.driver-fault');
    expect(tokenError(new TypeError('x'), 'C_Login').code).toBe('token.login-unclear');
    const own = new AnThuError('token.key-not-found');
    expect(tokenError(own, 'C_Login')).toBe(own);
  });
});

describe('the PIN state', () => {
  const ready = tokenFlag.userPinInitialized;

  test('is the worst that the flags say', () => {
    expect(pinStateOf(ready)).toBe('ok');
    expect(pinStateOf(ready | tokenFlag.userPinCountLow)).toBe('count-low');
    expect(pinStateOf(ready | tokenFlag.userPinCountLow | tokenFlag.userPinFinalTry)).toBe('final-try');
    expect(pinStateOf(ready | tokenFlag.userPinFinalTry | tokenFlag.userPinLocked)).toBe('locked');
    expect(pinStateOf(ready | tokenFlag.userPinToBeChanged)).toBe('must-be-changed');
    expect(pinStateOf(0)).toBe('not-initialized');
  });

  test('uses the flag values of the standard', () => {
    expect(tokenFlag).toEqual({
      loginRequired: pkcs11js.CKF_LOGIN_REQUIRED,
      userPinInitialized: pkcs11js.CKF_USER_PIN_INITIALIZED,
      protectedAuthenticationPath: pkcs11js.CKF_PROTECTED_AUTHENTICATION_PATH,
      tokenInitialized: pkcs11js.CKF_TOKEN_INITIALIZED,
      userPinCountLow: pkcs11js.CKF_USER_PIN_COUNT_LOW,
      userPinFinalTry: pkcs11js.CKF_USER_PIN_FINAL_TRY,
      userPinLocked: pkcs11js.CKF_USER_PIN_LOCKED,
      userPinToBeChanged: pkcs11js.CKF_USER_PIN_TO_BE_CHANGED,
    });
  });
});
