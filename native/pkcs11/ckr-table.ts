import type { ErrorCode } from '../../core/contract/errors/index.ts';

/** Where a module was asked: looking for tokens and certificates, sending the PIN, or signing. */
export const ckrStages = ['list', 'login', 'sign'] as const;
export type CkrStage = (typeof ckrStages)[number];

/** Whether a wrong PIN has cost a try: `unclear` where the module does not say if the PIN was looked at. */
export type TrySpent = 'yes' | 'no' | 'unclear';

/** What the clerk can do, in a few words; the whole sentence belongs to the error code. */
export const remedies = {
  'check-pin': 'Kiểm tra lại mã PIN rồi nhập lại; không thử quá số lần còn lại',
  'retype-pin': 'Nhập lại mã PIN bằng ký tự thông thường, đúng độ dài',
  'change-pin': 'Đổi mã PIN bằng phần mềm của nhà cung cấp thiết bị',
  'ask-issuer': 'Liên hệ đơn vị cấp chứng thư số',
  'plug-in': 'Cắm thiết bị (hoặc rút ra cắm lại) rồi thử lại',
  'unlock-again': 'Mở lại thiết bị bằng mã PIN rồi ký tiếp',
  'wait-or-close-others': 'Đóng phần mềm khác đang dùng thiết bị hoặc đợi một lát rồi thử lại',
  'try-when-ready': 'Thử lại khi sẵn sàng',
  'choose-scheme': 'Chọn thuật toán ký khác (thường là rsa-pkcs1)',
  'choose-certificate': 'Chọn chứng thư số dùng để ký',
  'reinstall-driver': 'Cài lại hoặc cập nhật trình điều khiển thiết bị',
  'look-at-state': 'Xem trạng thái mã PIN trên thiết bị, cắm lại rồi thử một lần',
} as const;
export type Remedy = keyof typeof remedies;

interface Meaning {
  readonly code: ErrorCode;
  readonly remedy: Remedy;
  /** Only for a login; `no` where it is left out. */
  readonly trySpent?: TrySpent;
}

type Meanings = Readonly<Record<CkrStage, Meaning>>;

const everywhere = (code: ErrorCode, remedy: Remedy, trySpent: TrySpent = 'no'): Meanings => {
  const other: Meaning = { code, remedy };
  return { list: other, login: { code, remedy, trySpent }, sign: other };
};

/** The driver or the device failed: during a login nobody can tell whether the PIN was looked at. */
const fault: Meanings = {
  ...everywhere('token.driver-fault', 'plug-in'),
  login: { code: 'token.login-unclear', remedy: 'look-at-state', trySpent: 'unclear' },
};
/** The driver refuses before it looks at a PIN. */
const refusedEarly = everywhere('token.driver-fault', 'plug-in');
const brokenDriver = everywhere('token.driver-fault', 'reinstall-driver');
const loginLost = everywhere('token.login-lost', 'unlock-again');
const absent = everywhere('token.not-present', 'plug-in');
const busy = everywhere('token.busy', 'wait-or-close-others');
const canceled = everywhere('token.canceled', 'try-when-ready');
/** About PINs, told when none was sent (by a key that wants it with every signature, or by mistake). */
const aboutPin = (code: ErrorCode, remedy: Remedy, trySpent: TrySpent): Meanings => ({
  ...loginLost,
  login: { code, remedy, trySpent },
});
const signOnly = (code: ErrorCode, remedy: Remedy): Meanings => ({
  ...refusedEarly,
  sign: { code, remedy },
});

/**
 * What each return value of a module means to a person, by where it comes (findings/signing-stack.md §7,
 * signing-peers.md §3.4). Only CKR_PIN_INCORRECT, as the answer to a PIN, may say that the PIN is wrong.
 * docs/token-errors.md is written from here.
 */
export const ckrTable: Readonly<Record<string, Meanings>> = {
  CKR_PIN_INCORRECT: aboutPin('token.pin-incorrect', 'check-pin', 'yes'),
  CKR_PIN_INVALID: aboutPin('token.pin-invalid', 'retype-pin', 'unclear'),
  CKR_PIN_LEN_RANGE: aboutPin('token.pin-refused-length', 'retype-pin', 'unclear'),
  CKR_PIN_EXPIRED: everywhere('token.pin-expired', 'change-pin'),
  CKR_PIN_TOO_WEAK: everywhere('token.pin-expired', 'change-pin'),
  CKR_NEW_PIN_MODE: everywhere('token.pin-expired', 'change-pin'),
  CKR_PIN_LOCKED: everywhere('token.pin-locked', 'ask-issuer', 'unclear'),
  CKR_USER_PIN_NOT_INITIALIZED: everywhere('token.pin-not-initialized', 'ask-issuer'),

  CKR_TOKEN_NOT_PRESENT: absent,
  CKR_SLOT_ID_INVALID: absent,
  CKR_TOKEN_NOT_RECOGNIZED: everywhere('token.not-recognized', 'reinstall-driver'),
  CKR_DEVICE_REMOVED: everywhere('token.removed', 'plug-in', 'unclear'),

  CKR_SESSION_HANDLE_INVALID: loginLost,
  CKR_SESSION_CLOSED: loginLost,
  CKR_USER_NOT_LOGGED_IN: loginLost,
  CKR_OBJECT_HANDLE_INVALID: loginLost,
  CKR_KEY_HANDLE_INVALID: loginLost,
  CKR_KEY_CHANGED: loginLost,
  CKR_OPERATION_NOT_INITIALIZED: loginLost,

  CKR_OPERATION_ACTIVE: busy,
  CKR_SESSION_COUNT: busy,
  CKR_SESSION_EXISTS: busy,
  CKR_SESSION_READ_ONLY_EXISTS: busy,
  CKR_SESSION_READ_WRITE_SO_EXISTS: busy,
  CKR_USER_ALREADY_LOGGED_IN: busy,
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: busy,
  CKR_USER_TOO_MANY_TYPES: busy,
  CKR_CRYPTOKI_ALREADY_INITIALIZED: busy,

  CKR_CANCEL: canceled,
  CKR_FUNCTION_CANCELED: canceled,
  CKR_FUNCTION_REJECTED: canceled,

  CKR_MECHANISM_INVALID: signOnly('token.mechanism-unsupported', 'choose-scheme'),
  CKR_MECHANISM_PARAM_INVALID: signOnly('token.mechanism-unsupported', 'choose-scheme'),
  CKR_FUNCTION_NOT_SUPPORTED: signOnly('token.mechanism-unsupported', 'choose-scheme'),
  CKR_KEY_SIZE_RANGE: signOnly('token.mechanism-unsupported', 'choose-scheme'),
  CKR_DATA_LEN_RANGE: signOnly('token.mechanism-unsupported', 'choose-scheme'),
  CKR_DATA_INVALID: signOnly('token.mechanism-unsupported', 'choose-scheme'),
  CKR_DOMAIN_PARAMS_INVALID: signOnly('token.mechanism-unsupported', 'choose-scheme'),
  CKR_KEY_FUNCTION_NOT_PERMITTED: signOnly('token.key-not-permitted', 'choose-certificate'),
  CKR_KEY_TYPE_INCONSISTENT: signOnly('token.key-not-permitted', 'choose-certificate'),

  CKR_GENERAL_ERROR: fault,
  CKR_FUNCTION_FAILED: fault,
  CKR_DEVICE_ERROR: fault,
  CKR_DEVICE_MEMORY: fault,
  CKR_HOST_MEMORY: fault,
  CKR_EXCEEDED_MAX_ITERATIONS: fault,
  CKR_RANDOM_NO_RNG: fault,
  CKR_NEXT_OTP: fault,
  CKR_VENDOR_DEFINED: fault,
  CKR_MUTEX_BAD: fault,
  CKR_MUTEX_NOT_LOCKED: fault,

  CKR_ARGUMENTS_BAD: refusedEarly,
  CKR_BUFFER_TOO_SMALL: refusedEarly,
  CKR_USER_TYPE_INVALID: refusedEarly,
  CKR_SESSION_PARALLEL_NOT_SUPPORTED: refusedEarly,
  CKR_SESSION_READ_ONLY: refusedEarly,
  CKR_ATTRIBUTE_SENSITIVE: refusedEarly,
  CKR_ATTRIBUTE_TYPE_INVALID: refusedEarly,
  CKR_ATTRIBUTE_VALUE_INVALID: refusedEarly,
  CKR_TEMPLATE_INCONSISTENT: refusedEarly,
  CKR_NO_EVENT: refusedEarly,
  CKR_TOKEN_WRITE_PROTECTED: refusedEarly,
  CKR_CANT_LOCK: brokenDriver,
  CKR_NEED_TO_CREATE_THREADS: brokenDriver,
  CKR_CRYPTOKI_NOT_INITIALIZED: brokenDriver,
  CKR_LIBRARY_LOAD_FAILED: brokenDriver,
  CKR_FIPS_SELF_TEST_FAILED: brokenDriver,
};

/** Any other return value, and what is none at all. */
export const otherCkr: Meanings = fault;

/** What a return value means, for the function that gave it. */
export function ckrMeaning(name: string | null, operation: string): Meaning {
  const meanings = (name === null ? undefined : ckrTable[name]) ?? otherCkr;
  return meanings[stageOf(operation)];
}

/** The stage to which a PKCS#11 function belongs. */
export function stageOf(operation: string): CkrStage {
  if (operation === 'C_Login') return 'login';
  return operation === 'C_SignInit' || operation === 'C_Sign' ? 'sign' : 'list';
}
