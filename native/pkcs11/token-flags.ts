import type { PinState } from '../../core/contract/token.ts';

/** Flags of CK_TOKEN_INFO; the values are those of pkcs11js's CKF_ constants. */
export const tokenFlag = {
  loginRequired: 0x4,
  userPinInitialized: 0x8,
  protectedAuthenticationPath: 0x100,
  tokenInitialized: 0x400,
  userPinCountLow: 0x10000,
  userPinFinalTry: 0x20000,
  userPinLocked: 0x40000,
  userPinToBeChanged: 0x80000,
} as const;

/** Environment variable of an administrator who knows that the module takes a PIN of length zero as an absent one: `asks`. */
const pinPadVariable = 'AN_THU_PIN_PAD';

/**
 * Whether the PIN is asked for on the reader. PKCS#11 wants an absent PIN for that, and pkcs11js can only hand over one of length
 * zero, which OpenSC sends to the card as a wrong PIN: so never on the flag alone, else the PIN is typed on the screen.
 */
export const asksOnPinPad = (flags: number): boolean =>
  (flags & tokenFlag.protectedAuthenticationPath) !== 0 && process.env[pinPadVariable] === 'asks';

/** The worst thing that the flags say about the user's PIN. */
export function pinStateOf(flags: number): PinState {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if (has(tokenFlag.userPinLocked)) return 'locked';
  if (!has(tokenFlag.userPinInitialized)) return 'not-initialized';
  if (has(tokenFlag.userPinToBeChanged)) return 'must-be-changed';
  if (has(tokenFlag.userPinFinalTry)) return 'final-try';
  return has(tokenFlag.userPinCountLow) ? 'count-low' : 'ok';
}
