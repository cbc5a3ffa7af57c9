/*
 * A token of one RSA key, for platforms without SoftHSM2. Test keys only: nothing here is constant-time.
 *
 * Files in the module's folder: `token.crt` (certificate, DER), `token.key` (two lines of hex digits: modulus and
 * private exponent), `token.pin` (the PIN, "123456" when missing). It signs with CKM_RSA_PKCS.
 */
#include "cryptoki.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LIMBS 128 /* RSA-4096 */
#define MAX_SESSIONS 64
#define CERTIFICATE 1
#define PRIVATE_KEY 2

static char base[1100];
static CK_BYTE certificate[8192];
static CK_ULONG certificate_length;
static uint32_t modulus[MAX_LIMBS], exponent[MAX_LIMBS];
static int limbs;
static char user_pin[64] = "123456";
static int initialized, logged_in;

static const CK_BYTE key_id[] = {1};
static const char key_label[] = "fault";

struct session {
  int open, searching, next, signing;
  CK_OBJECT_HANDLE found[4];
  int count;
};
static struct session sessions[MAX_SESSIONS];

/* ---- numbers: little-endian limbs ---- */

/* r = a*b*2^(-32*limbs) mod m (Montgomery), r < m. */
static void multiply(uint32_t *r, const uint32_t *a, const uint32_t *b, uint32_t inverse) {
  uint32_t t[MAX_LIMBS + 2] = {0};
  for (int i = 0; i < limbs; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < limbs; j++) {
      carry += (uint64_t)a[j] * b[i] + t[j];
      t[j] = (uint32_t)carry;
      carry >>= 32;
    }
    carry += t[limbs];
    t[limbs] = (uint32_t)carry;
    t[limbs + 1] = (uint32_t)(carry >> 32);
    uint32_t m = t[0] * inverse;
    carry = ((uint64_t)m * modulus[0] + t[0]) >> 32;
    for (int j = 1; j < limbs; j++) {
      carry += (uint64_t)m * modulus[j] + t[j];
      t[j - 1] = (uint32_t)carry;
      carry >>= 32;
    }
    carry += t[limbs];
    t[limbs - 1] = (uint32_t)carry;
    t[limbs] = t[limbs + 1] + (uint32_t)(carry >> 32);
  }
  int larger = t[limbs] != 0;
  for (int i = limbs - 1; !larger && i >= 0; i--) {
    if (t[i] == modulus[i]) continue;
    larger = t[i] > modulus[i] ? 1 : -1;
  }
  if (larger >= 0) {
    int64_t borrow = 0;
    for (int i = 0; i < limbs; i++) {
      borrow += (int64_t)t[i] - modulus[i];
      t[i] = (uint32_t)borrow;
      borrow >>= 32;
    }
  }
  memcpy(r, t, (size_t)limbs * 4);
}

/* x = x*2 mod m. */
static void twice(uint32_t *x) {
  uint32_t carry = 0;
  for (int i = 0; i < limbs; i++) {
    uint32_t next = x[i] >> 31;
    x[i] = (x[i] << 1) | carry;
    carry = next;
  }
  int larger = carry ? 1 : 0;
  for (int i = limbs - 1; !larger && i >= 0; i--) {
    if (x[i] == modulus[i]) continue;
    larger = x[i] > modulus[i] ? 1 : -1;
  }
  if (larger < 0) return;
  int64_t borrow = 0;
  for (int i = 0; i < limbs; i++) {
    borrow += (int64_t)x[i] - modulus[i];
    x[i] = (uint32_t)borrow;
    borrow >>= 32;
  }
}

/* out = in^exponent mod modulus; both are `limbs` long. */
static void power(uint32_t *out, const uint32_t *in) {
  uint32_t inverse = 1, one[MAX_LIMBS] = {1}, r2[MAX_LIMBS] = {1}, x[MAX_LIMBS], y[MAX_LIMBS];
  for (int i = 0; i < 5; i++) inverse *= 2 - modulus[0] * inverse;
  inverse = 0 - inverse;
  for (int i = 0; i < 64 * limbs; i++) twice(r2);
  multiply(x, in, r2, inverse);
  multiply(y, one, r2, inverse);
  for (int bit = 32 * limbs - 1; bit >= 0; bit--) {
    multiply(y, y, y, inverse);
    if ((exponent[bit / 32] >> (bit % 32)) & 1) multiply(y, y, x, inverse);
  }
  multiply(out, y, one, inverse);
}

/* ---- files ---- */

static FILE *open_part(const char *name) {
  char path[1200];
  snprintf(path, sizeof path, "%s/%s", base, name);
  return fopen(path, "rb");
}

static int read_hex(FILE *file, uint32_t *number) {
  char line[2 * 4 * MAX_LIMBS + 4];
  if (!fgets(line, sizeof line, file)) return 0;
  int length = (int)strcspn(line, "\r\n");
  memset(number, 0, MAX_LIMBS * 4);
  for (int i = 0; i < length; i++) {
    char digit[2] = {line[length - 1 - i], 0};
    number[i / 8] |= (uint32_t)strtoul(digit, NULL, 16) << (4 * (i % 8));
  }
  return (length + 7) / 8;
}

static int read_parts(void) {
  FILE *file = open_part("token.crt");
  if (!file) return 0;
  certificate_length = (CK_ULONG)fread(certificate, 1, sizeof certificate, file);
  fclose(file);
  file = open_part("token.key");
  if (!file) return 0;
  limbs = read_hex(file, modulus);
  int ok = limbs > 0 && read_hex(file, exponent) > 0;
  fclose(file);
  file = open_part("token.pin");
  if (file) {
    if (fgets(user_pin, sizeof user_pin, file)) user_pin[strcspn(user_pin, "\r\n")] = 0;
    fclose(file);
  }
  return ok;
}

/* ---- the functions ---- */

static void pad(CK_UTF8CHAR *field, size_t width, const char *text) {
  memset(field, ' ', width);
  memcpy(field, text, strlen(text) < width ? strlen(text) : width);
}

static struct session *session_of(CK_SESSION_HANDLE handle) {
  if (handle < 1 || handle > MAX_SESSIONS || !sessions[handle - 1].open) return NULL;
  return &sessions[handle - 1];
}

#define SESSION(handle, name)               \
  struct session *name = session_of(handle); \
  if (!name) return CKR_SESSION_HANDLE_INVALID

static CK_RV s_Initialize(CK_VOID_PTR arguments) {
  (void)arguments;
  if (initialized) return CKR_CRYPTOKI_ALREADY_INITIALIZED;
  if (!read_parts()) return CKR_GENERAL_ERROR;
  initialized = 1;
  return CKR_OK;
}

static CK_RV s_Finalize(CK_VOID_PTR reserved) {
  (void)reserved;
  initialized = logged_in = 0;
  memset(sessions, 0, sizeof sessions);
  return CKR_OK;
}

static CK_RV s_GetInfo(CK_INFO_PTR info) {
  memset(info, 0, sizeof *info);
  info->cryptokiVersion.major = 2;
  info->cryptokiVersion.minor = 40;
  pad(info->manufacturerID, sizeof info->manufacturerID, "An Thu tests");
  pad(info->libraryDescription, sizeof info->libraryDescription, "Small test token");
  info->libraryVersion.major = 1;
  return CKR_OK;
}

static CK_RV s_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count) {
  (void)present;
  if (list) {
    if (*count < 1) return CKR_BUFFER_TOO_SMALL;
    list[0] = 7;
  }
  *count = 1;
  return CKR_OK;
}

static CK_RV s_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
  (void)slot;
  memset(info, 0, sizeof *info);
  pad(info->slotDescription, sizeof info->slotDescription, "Small test reader");
  pad(info->manufacturerID, sizeof info->manufacturerID, "An Thu tests");
  info->flags = CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE | CKF_HW_SLOT;
  return CKR_OK;
}

static CK_RV s_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  (void)slot;
  memset(info, 0, sizeof *info);
  pad(info->label, sizeof info->label, "an-thu");
  pad(info->manufacturerID, sizeof info->manufacturerID, "An Thu tests");
  pad(info->model, sizeof info->model, "small");
  pad(info->serialNumber, sizeof info->serialNumber, "0001");
  info->flags = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
  info->ulMaxSessionCount = MAX_SESSIONS;
  info->ulMinPinLen = 4;
  info->ulMaxPinLen = 16;
  return CKR_OK;
}

static CK_RV s_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  (void)slot;
  if (list) {
    if (*count < 1) return CKR_BUFFER_TOO_SMALL;
    list[0] = CKM_RSA_PKCS;
  }
  *count = 1;
  return CKR_OK;
}

static CK_RV s_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info) {
  (void)slot;
  if (type != CKM_RSA_PKCS) return CKR_MECHANISM_INVALID;
  info->ulMinKeySize = 1024;
  info->ulMaxKeySize = 4096;
  info->flags = CKF_SIGN;
  return CKR_OK;
}

static CK_RV s_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify,
                           CK_SESSION_HANDLE_PTR handle) {
  (void)slot, (void)flags, (void)application, (void)notify;
  for (int i = 0; i < MAX_SESSIONS; i++) {
    if (sessions[i].open) continue;
    memset(&sessions[i], 0, sizeof sessions[i]);
    sessions[i].open = 1;
    *handle = (CK_SESSION_HANDLE)(i + 1);
    return CKR_OK;
  }
  return CKR_SESSION_COUNT;
}

static void log_out_without_sessions(void) {
  for (int i = 0; i < MAX_SESSIONS; i++)
    if (sessions[i].open) return;
  logged_in = 0;
}

static CK_RV s_CloseSession(CK_SESSION_HANDLE handle) {
  SESSION(handle, session);
  session->open = 0;
  log_out_without_sessions();
  return CKR_OK;
}

static CK_RV s_CloseAllSessions(CK_SLOT_ID slot) {
  (void)slot;
  memset(sessions, 0, sizeof sessions);
  logged_in = 0;
  return CKR_OK;
}

static CK_RV s_GetSessionInfo(CK_SESSION_HANDLE handle, CK_SESSION_INFO_PTR info) {
  SESSION(handle, session);
  (void)session;
  info->slotID = 7;
  info->state = logged_in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
  info->flags = CKF_SERIAL_SESSION;
  info->ulDeviceError = 0;
  return CKR_OK;
}

static CK_RV s_Login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  SESSION(handle, session);
  (void)session;
  if (user != CKU_USER && user != CKU_CONTEXT_SPECIFIC) return CKR_USER_TYPE_INVALID;
  if (logged_in && user == CKU_USER) return CKR_USER_ALREADY_LOGGED_IN;
  if (!pin || length != strlen(user_pin) || memcmp(pin, user_pin, length) != 0) return CKR_PIN_INCORRECT;
  logged_in = 1;
  return CKR_OK;
}

static CK_RV s_Logout(CK_SESSION_HANDLE handle) {
  SESSION(handle, session);
  (void)session;
  if (!logged_in) return CKR_USER_NOT_LOGGED_IN;
  logged_in = 0;
  return CKR_OK;
}

struct value {
  const void *bytes;
  CK_ULONG length;
};

/* One attribute of one of our two objects; length 0 and no bytes when it has none. */
static struct value attribute_of(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  static CK_OBJECT_CLASS class;
  static CK_ULONG number;
  static CK_BBOOL yes;
  struct value none = {NULL, 0};
  switch (type) {
    case CKA_CLASS:
      class = object == CERTIFICATE ? CKO_CERTIFICATE : CKO_PRIVATE_KEY;
      return (struct value){&class, sizeof class};
    case CKA_ID: return (struct value){key_id, sizeof key_id};
    case CKA_LABEL: return (struct value){key_label, sizeof key_label - 1};
    case CKA_TOKEN:
      yes = CK_TRUE;
      return (struct value){&yes, sizeof yes};
    case CKA_CERTIFICATE_TYPE:
      number = CKC_X_509;
      return object == CERTIFICATE ? (struct value){&number, sizeof number} : none;
    case CKA_KEY_TYPE:
      number = CKK_RSA;
      return object == PRIVATE_KEY ? (struct value){&number, sizeof number} : none;
    case CKA_VALUE:
      return object == CERTIFICATE ? (struct value){certificate, certificate_length} : none;
    case CKA_SIGN:
    case CKA_PRIVATE:
      yes = object == PRIVATE_KEY;
      return (struct value){&yes, sizeof yes};
    case CKA_ALWAYS_AUTHENTICATE:
      yes = CK_FALSE;
      return object == PRIVATE_KEY ? (struct value){&yes, sizeof yes} : none;
    default: return none;
  }
}

static int matches(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR list, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; i++) {
    struct value value = attribute_of(object, list[i].type);
    if (!value.bytes || value.length != list[i].ulValueLen || memcmp(value.bytes, list[i].pValue, value.length))
      return 0;
  }
  return 1;
}

static CK_RV s_GetAttributeValue(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR list,
                                 CK_ULONG count) {
  SESSION(handle, session);
  (void)session;
  CK_RV rv = CKR_OK;
  if (object != CERTIFICATE && (object != PRIVATE_KEY || !logged_in)) return CKR_OBJECT_HANDLE_INVALID;
  for (CK_ULONG i = 0; i < count; i++) {
    struct value value = attribute_of(object, list[i].type);
    if (!value.bytes) {
      list[i].ulValueLen = (CK_ULONG)-1;
      rv = CKR_ATTRIBUTE_TYPE_INVALID;
    } else if (list[i].pValue && list[i].ulValueLen < value.length) {
      list[i].ulValueLen = (CK_ULONG)-1;
      rv = CKR_BUFFER_TOO_SMALL;
    } else {
      if (list[i].pValue) memcpy(list[i].pValue, value.bytes, value.length);
      list[i].ulValueLen = value.length;
    }
  }
  return rv;
}

static CK_RV s_FindObjectsInit(CK_SESSION_HANDLE handle, CK_ATTRIBUTE_PTR list, CK_ULONG count) {
  SESSION(handle, session);
  if (session->searching) return CKR_OPERATION_ACTIVE;
  session->searching = 1;
  session->count = session->next = 0;
  if (matches(CERTIFICATE, list, count)) session->found[session->count++] = CERTIFICATE;
  if (logged_in && matches(PRIVATE_KEY, list, count)) session->found[session->count++] = PRIVATE_KEY;
  return CKR_OK;
}

static CK_RV s_FindObjects(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE_PTR found, CK_ULONG most,
                           CK_ULONG_PTR count) {
  SESSION(handle, session);
  if (!session->searching) return CKR_OPERATION_NOT_INITIALIZED;
  for (*count = 0; *count < most && session->next < session->count; (*count)++)
    found[*count] = session->found[session->next++];
  return CKR_OK;
}

static CK_RV s_FindObjectsFinal(CK_SESSION_HANDLE handle) {
  SESSION(handle, session);
  if (!session->searching) return CKR_OPERATION_NOT_INITIALIZED;
  session->searching = 0;
  return CKR_OK;
}

static CK_RV s_SignInit(CK_SESSION_HANDLE handle, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  SESSION(handle, session);
  if (!logged_in) return CKR_USER_NOT_LOGGED_IN;
  if (mechanism->mechanism != CKM_RSA_PKCS) return CKR_MECHANISM_INVALID;
  if (key != PRIVATE_KEY) return CKR_KEY_HANDLE_INVALID;
  if (session->signing) return CKR_OPERATION_ACTIVE;
  session->signing = 1;
  return CKR_OK;
}

static CK_RV s_Sign(CK_SESSION_HANDLE handle, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                    CK_ULONG_PTR signature_length) {
  SESSION(handle, session);
  CK_ULONG size = (CK_ULONG)limbs * 4;
  uint32_t block[MAX_LIMBS] = {0}, result[MAX_LIMBS];
  CK_BYTE bytes[MAX_LIMBS * 4];
  if (!session->signing) return CKR_OPERATION_NOT_INITIALIZED;
  if (!signature) {
    *signature_length = size;
    return CKR_OK;
  }
  if (*signature_length < size) return CKR_BUFFER_TOO_SMALL;
  session->signing = 0;
  if (length > size - 11) return CKR_DATA_LEN_RANGE;
  memset(bytes, 0xff, size);
  bytes[0] = 0;
  bytes[1] = 1;
  bytes[size - length - 1] = 0;
  memcpy(bytes + size - length, data, length);
  for (CK_ULONG i = 0; i < size; i++) block[i / 4] |= (uint32_t)bytes[size - 1 - i] << (8 * (i % 4));
  power(result, block);
  for (CK_ULONG i = 0; i < size; i++) signature[size - 1 - i] = (CK_BYTE)(result[i / 4] >> (8 * (i % 4)));
  *signature_length = size;
  return CKR_OK;
}

static CK_FUNCTION_LIST functions;

CK_FUNCTION_LIST_PTR small_token(const char *folder) {
  snprintf(base, sizeof base, "%s", folder);
  functions.version.major = 2;
  functions.version.minor = 40;
  functions.C_Initialize = s_Initialize;
  functions.C_Finalize = s_Finalize;
  functions.C_GetInfo = s_GetInfo;
  functions.C_GetSlotList = s_GetSlotList;
  functions.C_GetSlotInfo = s_GetSlotInfo;
  functions.C_GetTokenInfo = s_GetTokenInfo;
  functions.C_GetMechanismList = s_GetMechanismList;
  functions.C_GetMechanismInfo = s_GetMechanismInfo;
  functions.C_OpenSession = s_OpenSession;
  functions.C_CloseSession = s_CloseSession;
  functions.C_CloseAllSessions = s_CloseAllSessions;
  functions.C_GetSessionInfo = s_GetSessionInfo;
  functions.C_Login = s_Login;
  functions.C_Logout = s_Logout;
  functions.C_GetAttributeValue = s_GetAttributeValue;
  functions.C_FindObjectsInit = s_FindObjectsInit;
  functions.C_FindObjects = s_FindObjects;
  functions.C_FindObjectsFinal = s_FindObjectsFinal;
  functions.C_SignInit = s_SignInit;
  functions.C_Sign = s_Sign;
  return &functions;
}
