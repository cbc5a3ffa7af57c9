/*
 * A PKCS#11 module that misbehaves on command. For tests only.
 *
 * It forwards every call to a real module (SoftHSM2), or, where none is named, to the small built-in token of
 * small-token.c. Beside the library FILE it looks for the folder FILE.d:
 *
 *   control      read again at every call; one order a line (see below)
 *   absent       while this file exists, no token is in any slot; sessions that were open end
 *   calls.log    written only with the order `log`: the name of every function called
 *   logins.log   every C_Login that reached us: user type, length of the PIN ("pad" for none), what was answered
 *   pin-failed   wrong PINs since the last right one, with the order `pin-tries`
 *   once-ID      a rule with `once=ID` has been carried out
 *   overlaps.log a function that was called while C_SignInit or C_Sign was under way on another thread
 *   threads.log  written only with the order `log-threads`: each C_Sign, with the number of its thread
 *   token.*      the parts of the built-in token, see small-token.c
 *
 * Orders of `control`:
 *
 *   forward PATH          the real module (read when the library is loaded)
 *   env NAME VALUE        put into the environment before the real module is loaded
 *   FUNCTION ACTION…      what to do instead of, or before, a call: `C_Sign rv 0x32`, see `act`;
 *                         more words: after=N (the first N calls of this process go through),
 *                         once=ID (carried out once, whatever process), class=N (C_FindObjectsInit: only for that
 *                         CKA_CLASS), user=N (C_Login: only for that user type)
 *   flags-set N / flags-clear N     bits of CK_TOKEN_INFO.flags to lie about
 *   pin-tries N           a counter of our own: the Nth wrong PIN in a row locks the token (SoftHSM2 never does)
 *   no-pin-flags          the counter does not show in the flags
 *   pin-min N / pin-max N what the token says about the length of PINs
 *   pad-pin PIN           a PIN pad: C_Login without a PIN takes this one
 *   label TEXT / serial TEXT        of every token
 *   slot-shift N          slot numbers and their order move on by N: number x is another slot afterwards
 *   certs-after-login     certificates show only to who is logged in
 *   no-certs              certificates never show
 *   no-mechanism N        C_SignInit refuses it, the lists do not show it (any number of times)
 *   require-os-locking    C_Initialize refuses without CKF_OS_LOCKING_OK
 *   log                   write calls.log
 *   log-threads           write threads.log
 */
#include "cryptoki.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#define open_file _open
#define close_file _close
static void sleep_ms(unsigned long ms) { Sleep(ms); }
static void set_environment(const char *name, const char *value) {
  char both[2048];
  snprintf(both, sizeof both, "%s=%s", name, value);
  _putenv(both);
}
static void *load_library(const char *path) { return (void *)LoadLibraryA(path); }
static CK_C_GetFunctionList entry_of(void *library) {
  return (CK_C_GetFunctionList)(void *)GetProcAddress((HMODULE)library, "C_GetFunctionList");
}
static unsigned long process_number(void) { return (unsigned long)GetCurrentProcessId(); }
static unsigned long thread_number(void) { return (unsigned long)GetCurrentThreadId(); }
#else
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>
#define open_file open
#define close_file close
static void sleep_ms(unsigned long ms) {
  struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000L};
  nanosleep(&pause, NULL);
}
static void set_environment(const char *name, const char *value) { setenv(name, value, 1); }
static void *load_library(const char *path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL); }
static CK_C_GetFunctionList entry_of(void *library) {
  return (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
}
static unsigned long process_number(void) { return (unsigned long)getpid(); }
static unsigned long thread_number(void) { return (unsigned long)pthread_self(); }
#endif

#define MAX_CONTROL 16384
#define MAX_SESSIONS 256

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST table;
static char folder[1024];

/* ---- the folder beside the library ---- */

static void find_folder(void) {
  char path[1000] = "";
#ifdef _WIN32
  HMODULE self = NULL;
  GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                     (LPCSTR)(void *)&find_folder, &self);
  GetModuleFileNameA(self, path, sizeof path);
#else
  Dl_info info;
  if (dladdr((void *)&table, &info) && info.dli_fname) snprintf(path, sizeof path, "%s", info.dli_fname);
#endif
  snprintf(folder, sizeof folder, "%s.d", path);
}

static void path_of(char *out, size_t size, const char *name) { snprintf(out, size, "%s/%s", folder, name); }

static int exists(const char *name) {
  char path[1200];
  struct stat found;
  path_of(path, sizeof path, name);
  return stat(path, &found) == 0;
}

static void append_line(const char *name, const char *line) {
  char path[1200];
  path_of(path, sizeof path, name);
  FILE *file = fopen(path, "a");
  if (!file) return;
  fprintf(file, "%s\n", line);
  fclose(file);
}

static long read_number(const char *name) {
  char path[1200];
  long value = 0;
  path_of(path, sizeof path, name);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  if (fscanf(file, "%ld", &value) != 1) value = 0;
  fclose(file);
  return value;
}

static void write_number(const char *name, long value) {
  char path[1200];
  path_of(path, sizeof path, name);
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%ld\n", value);
  fclose(file);
}

/* Makes the file; false when it was there already. */
static int claim(const char *name) {
  char path[1200];
  path_of(path, sizeof path, name);
  int handle = open_file(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (handle < 0) return 0;
  close_file(handle);
  return 1;
}

/* ---- orders ---- */

static void read_control(char *out) {
  char path[1200];
  out[0] = 0;
  path_of(path, sizeof path, "control");
  FILE *file = fopen(path, "rb");
  if (!file) return;
  size_t length = fread(out, 1, MAX_CONTROL - 1, file);
  out[length] = 0;
  fclose(file);
}

/* Next line of the control text, cut out; NULL at the end. */
static char *next_line(char **rest) {
  char *line = *rest;
  if (!line || !*line) return NULL;
  char *end = strpbrk(line, "\r\n");
  if (end) {
    *end = 0;
    *rest = end + 1;
  } else *rest = NULL;
  return line;
}

/* What stands behind `name` in the nth line that begins with it; false when there is none. */
static int nth_order(const char *name, int n, char *out, size_t size) {
  char text[MAX_CONTROL], *rest = text, *line;
  size_t length = strlen(name);
  read_control(text);
  while ((line = next_line(&rest)) != NULL) {
    if (strncmp(line, name, length) != 0 || (line[length] != ' ' && line[length] != 0)) continue;
    if (n-- > 0) continue;
    snprintf(out, size, "%s", line[length] ? line + length + 1 : "");
    return 1;
  }
  return 0;
}

static int order(const char *name, char *out, size_t size) { return nth_order(name, 0, out, size); }

static int has_order(const char *name) {
  char value[16];
  return order(name, value, sizeof value);
}

static unsigned long number_order(const char *name, unsigned long otherwise) {
  char value[64];
  return order(name, value, sizeof value) ? strtoul(value, NULL, 0) : otherwise;
}

/* Value of `name=` in a rule; NULL when it has none. */
static const char *rule_word(const char *rule, const char *name) {
  const char *found = strstr(rule, name);
  return found ? found + strlen(name) : NULL;
}

struct counter {
  char rule[128];
  long calls;
};
static struct counter counters[64];

/* How often this process has met this rule before. */
static long calls_before(const char *rule) {
  for (int i = 0; i < 64; i++) {
    if (counters[i].calls == 0) snprintf(counters[i].rule, sizeof counters[i].rule, "%.127s", rule);
    if (strncmp(counters[i].rule, rule, sizeof counters[i].rule - 1) == 0) return counters[i].calls++;
  }
  return 0;
}

/* What a rule asks of the wrapper after its own part is done. */
struct verdict {
  int answer; /* answer `rv` instead of calling on */
  CK_RV rv;
  int corrupt; /* call on, then spoil the result */
};

static void crash(void) {
  volatile int *nowhere = NULL;
  *nowhere = 1;
}

/*
 * Carries one rule out. Actions: rv N | hang | spin | segv | abort | exit | delay MS | wait-for FILE (until it is there) |
 * vanish (the token is pulled: `absent` is made) | corrupt (the signature, or the certificate's bytes).
 */
static void act(const char *rule, struct verdict *verdict) {
  char action[32] = "", argument[256] = "";
  sscanf(rule, "%31s %255s", action, argument);
  if (strcmp(action, "rv") == 0) {
    verdict->answer = 1;
    verdict->rv = strtoul(argument, NULL, 0);
  } else if (strcmp(action, "hang") == 0) {
    for (;;) sleep_ms(1000);
  } else if (strcmp(action, "spin") == 0) {
    for (volatile unsigned long i = 0;; i++) {
    }
  } else if (strcmp(action, "segv") == 0) {
    crash();
  } else if (strcmp(action, "abort") == 0) {
    abort();
  } else if (strcmp(action, "exit") == 0) {
    _exit(3);
  } else if (strcmp(action, "delay") == 0) {
    sleep_ms(strtoul(argument, NULL, 10));
  } else if (strcmp(action, "wait-for") == 0) {
    while (!exists(argument)) sleep_ms(5);
  } else if (strcmp(action, "vanish") == 0) {
    claim("absent");
    verdict->answer = 1;
    verdict->rv = CKR_DEVICE_REMOVED;
  } else if (strcmp(action, "corrupt") == 0) {
    verdict->corrupt = 1;
  }
}

/* The thread that is in C_SignInit or C_Sign; 0 for none. */
static volatile unsigned long signing_thread;

/* Looks at every rule for a function, in the order of the file, and carries out those that apply. */
static struct verdict orders_for(const char *function, long kind) {
  struct verdict verdict = {0, CKR_OK, 0};
  char rule[512], once[160];
  if (has_order("log")) append_line("calls.log", function);
  if (signing_thread && signing_thread != thread_number()) append_line("overlaps.log", function);
  for (int n = 0; !verdict.answer && nth_order(function, n, rule, sizeof rule); n++) {
    const char *word = rule_word(rule, "class=");
    if (!word) word = rule_word(rule, "user=");
    if (word && strtol(word, NULL, 0) != kind) continue;
    word = rule_word(rule, "after=");
    if (word && calls_before(rule) < strtol(word, NULL, 0)) continue;
    word = rule_word(rule, "once=");
    if (word) {
      char id[128] = "";
      sscanf(word, "%127s", id);
      snprintf(once, sizeof once, "once-%s", id);
      if (!claim(once)) continue;
    }
    act(rule, &verdict);
  }
  return verdict;
}

#define ORDERS(name, kind)                             \
  struct verdict verdict = orders_for(name, kind);     \
  (void)verdict;                                       \
  if (verdict.answer) return verdict.rv

static void enter_signing(const char *function) {
  if (signing_thread) append_line("overlaps.log", function);
  signing_thread = thread_number();
}

/* ---- presence ---- */

static int was_absent;

/* Whether the token is pulled. The first call that meets the removal ends all sessions, as a driver does. */
static int absent(void) {
  int now = exists("absent");
  if (now && !was_absent) {
    CK_SLOT_ID slots[32];
    CK_ULONG count = 32;
    if (real->C_GetSlotList(CK_FALSE, slots, &count) == CKR_OK)
      for (CK_ULONG i = 0; i < count; i++) real->C_CloseAllSessions(slots[i]);
  }
  was_absent = now;
  return now;
}

#define NEED_TOKEN(rv) \
  if (absent()) return rv

/* ---- slots under other numbers ---- */

static CK_ULONG real_slots(CK_SLOT_ID *slots, CK_BBOOL present) {
  CK_ULONG count = 32;
  return real->C_GetSlotList(present, slots, &count) == CKR_OK ? count : 0;
}

/* Number that we show for the slot at `index` of `count`. */
static CK_SLOT_ID shown_slot(CK_ULONG index, CK_ULONG count) {
  unsigned long shift = number_order("slot-shift", 0);
  return 100 + (index + shift) % (count ? count : 1);
}

/* The real slot behind a number that we showed; false for a number that is none now. */
static int slot_behind(CK_SLOT_ID shown, CK_SLOT_ID *slot) {
  CK_SLOT_ID slots[32];
  CK_ULONG count = real_slots(slots, CK_FALSE);
  for (CK_ULONG i = 0; i < count; i++)
    if (shown_slot(i, count) == shown) {
      *slot = slots[i];
      return 1;
    }
  return 0;
}

static CK_SLOT_ID shown_for(CK_SLOT_ID slot) {
  CK_SLOT_ID slots[32];
  CK_ULONG count = real_slots(slots, CK_FALSE);
  for (CK_ULONG i = 0; i < count; i++)
    if (slots[i] == slot) return shown_slot(i, count);
  return slot;
}

#define REAL_SLOT(shown, slot) \
  CK_SLOT_ID slot;             \
  if (!slot_behind(shown, &slot)) return CKR_SLOT_ID_INVALID

/* ---- sessions: who is logged in, which search is to find nothing ---- */

struct session {
  CK_SESSION_HANDLE handle;
  int in_use, finds_nothing;
};
static struct session sessions[MAX_SESSIONS];

static struct session *session_of(CK_SESSION_HANDLE handle) {
  struct session *free_one = NULL;
  for (int i = 0; i < MAX_SESSIONS; i++) {
    if (sessions[i].in_use && sessions[i].handle == handle) return &sessions[i];
    if (!sessions[i].in_use && !free_one) free_one = &sessions[i];
  }
  if (!free_one) free_one = &sessions[0];
  free_one->in_use = 1;
  free_one->handle = handle;
  free_one->finds_nothing = 0;
  return free_one;
}

static int is_logged_in(CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info;
  if (real->C_GetSessionInfo(session, &info) != CKR_OK) return 0;
  return info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS;
}

/* ---- the functions ---- */

static CK_RV f_Initialize(CK_VOID_PTR arguments) {
  ORDERS("C_Initialize", 0);
  CK_C_INITIALIZE_ARGS_PTR given = (CK_C_INITIALIZE_ARGS_PTR)arguments;
  if (has_order("require-os-locking") && (!given || !(given->flags & CKF_OS_LOCKING_OK))) return CKR_CANT_LOCK;
  return real->C_Initialize(arguments);
}

static CK_RV f_Finalize(CK_VOID_PTR reserved) {
  ORDERS("C_Finalize", 0);
  return real->C_Finalize(reserved);
}

static CK_RV f_GetInfo(CK_INFO_PTR info) {
  ORDERS("C_GetInfo", 0);
  return real->C_GetInfo(info);
}

static CK_RV f_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count) {
  ORDERS("C_GetSlotList", 0);
  CK_SLOT_ID all[32], filled[32], shown[32];
  CK_ULONG every = real_slots(all, CK_FALSE), have = every, n = 0;
  int gone = absent();
  if (present) have = gone ? 0 : real_slots(filled, CK_TRUE);
  /* The slot that is shifted to the front comes first in the list too. */
  for (CK_SLOT_ID number = 100; number < 100 + every; number++)
    for (CK_ULONG i = 0; i < have; i++) {
      CK_SLOT_ID slot = present ? filled[i] : all[i];
      if (shown_for(slot) == number) shown[n++] = number;
    }
  if (list) {
    if (*count < n) {
      *count = n;
      return CKR_BUFFER_TOO_SMALL;
    }
    memcpy(list, shown, n * sizeof *list);
  }
  *count = n;
  return CKR_OK;
}

static CK_RV f_GetSlotInfo(CK_SLOT_ID shown, CK_SLOT_INFO_PTR info) {
  ORDERS("C_GetSlotInfo", 0);
  REAL_SLOT(shown, slot);
  CK_RV rv = real->C_GetSlotInfo(slot, info);
  if (rv == CKR_OK && absent()) info->flags &= ~(CK_FLAGS)CKF_TOKEN_PRESENT;
  return rv;
}

static void pad(CK_UTF8CHAR *field, size_t width, const char *text) {
  size_t length = strlen(text);
  memset(field, ' ', width);
  memcpy(field, text, length < width ? length : width);
}

static CK_RV f_GetTokenInfo(CK_SLOT_ID shown, CK_TOKEN_INFO_PTR info) {
  char text[64];
  ORDERS("C_GetTokenInfo", 0);
  REAL_SLOT(shown, slot);
  NEED_TOKEN(CKR_TOKEN_NOT_PRESENT);
  CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv != CKR_OK) return rv;
  if (!(info->flags & CKF_TOKEN_INITIALIZED)) return rv;
  if (order("label", text, sizeof text)) pad(info->label, sizeof info->label, text);
  if (order("serial", text, sizeof text)) pad(info->serialNumber, sizeof info->serialNumber, text);
  info->ulMinPinLen = number_order("pin-min", info->ulMinPinLen);
  info->ulMaxPinLen = number_order("pin-max", info->ulMaxPinLen);
  unsigned long tries = number_order("pin-tries", 0);
  if (tries) {
    unsigned long failed = (unsigned long)read_number("pin-failed");
    info->flags &= ~(CK_FLAGS)(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
    if (!has_order("no-pin-flags")) {
      if (failed > 0) info->flags |= CKF_USER_PIN_COUNT_LOW;
      if (failed + 1 == tries) info->flags |= CKF_USER_PIN_FINAL_TRY;
      if (failed >= tries) info->flags |= CKF_USER_PIN_LOCKED;
    }
  }
  info->flags |= number_order("flags-set", 0);
  info->flags &= ~(CK_FLAGS)number_order("flags-clear", 0);
  return CKR_OK;
}

/* Whether `no-mechanism` names it. */
static int is_hidden(CK_MECHANISM_TYPE mechanism) {
  char value[64];
  for (int n = 0; nth_order("no-mechanism", n, value, sizeof value); n++)
    if (strtoul(value, NULL, 0) == mechanism) return 1;
  return 0;
}

static CK_RV f_GetMechanismList(CK_SLOT_ID shown, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  ORDERS("C_GetMechanismList", 0);
  REAL_SLOT(shown, slot);
  NEED_TOKEN(CKR_TOKEN_NOT_PRESENT);
  CK_MECHANISM_TYPE all[512];
  CK_ULONG every = 512, n = 0;
  CK_RV rv = real->C_GetMechanismList(slot, all, &every);
  if (rv != CKR_OK) return rv;
  for (CK_ULONG i = 0; i < every; i++)
    if (!is_hidden(all[i])) all[n++] = all[i];
  if (list) {
    if (*count < n) return CKR_BUFFER_TOO_SMALL;
    memcpy(list, all, n * sizeof *list);
  }
  *count = n;
  return CKR_OK;
}

static CK_RV f_GetMechanismInfo(CK_SLOT_ID shown, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info) {
  ORDERS("C_GetMechanismInfo", 0);
  REAL_SLOT(shown, slot);
  NEED_TOKEN(CKR_TOKEN_NOT_PRESENT);
  return is_hidden(type) ? CKR_MECHANISM_INVALID : real->C_GetMechanismInfo(slot, type, info);
}

static CK_RV f_OpenSession(CK_SLOT_ID shown, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify,
                           CK_SESSION_HANDLE_PTR session) {
  ORDERS("C_OpenSession", 0);
  REAL_SLOT(shown, slot);
  NEED_TOKEN(CKR_TOKEN_NOT_PRESENT);
  return real->C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV f_CloseSession(CK_SESSION_HANDLE session) {
  ORDERS("C_CloseSession", 0);
  session_of(session)->in_use = 0;
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  return real->C_CloseSession(session);
}

static CK_RV f_CloseAllSessions(CK_SLOT_ID shown) {
  ORDERS("C_CloseAllSessions", 0);
  REAL_SLOT(shown, slot);
  return real->C_CloseAllSessions(slot);
}

static CK_RV f_GetSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO_PTR info) {
  ORDERS("C_GetSessionInfo", 0);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  CK_RV rv = real->C_GetSessionInfo(session, info);
  if (rv == CKR_OK) info->slotID = shown_for(info->slotID);
  return rv;
}

/* The login itself, counted as a token that locks would count it. */
static CK_RV counted_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  long tries = (long)number_order("pin-tries", 0);
  if (!tries || user == CKU_SO) return real->C_Login(session, user, pin, length);
  long failed = read_number("pin-failed");
  if (failed >= tries) return CKR_PIN_LOCKED;
  CK_RV rv = real->C_Login(session, user, pin, length);
  if (rv == CKR_OK) write_number("pin-failed", 0);
  if (rv != CKR_PIN_INCORRECT) return rv;
  write_number("pin-failed", ++failed);
  return failed >= tries ? CKR_PIN_LOCKED : rv;
}

static void log_login(CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length, const char *answer) {
  char line[128], shown[32] = "pad";
  if (pin) snprintf(shown, sizeof shown, "%lu", (unsigned long)length);
  snprintf(line, sizeof line, "user=%lu pin=%s rv=%s process=%lu", (unsigned long)user, shown, answer,
           process_number());
  append_line("logins.log", line);
}

static CK_RV f_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  char answer[32], pad_pin[128];
  /* Written before any order: a login that hangs or crashes was a try all the same. */
  log_login(user, pin, length, "sent");
  ORDERS("C_Login", (long)user);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  CK_RV rv;
  /* pkcs11js hands an absent PIN over as an empty string or as none. */
  if ((!pin || length == 0) && order("pad-pin", pad_pin, sizeof pad_pin))
    rv = counted_login(session, user, (CK_UTF8CHAR_PTR)pad_pin, (CK_ULONG)strlen(pad_pin));
  else rv = counted_login(session, user, pin, length);
  snprintf(answer, sizeof answer, "0x%lx", (unsigned long)rv);
  log_login(user, pin, length, answer);
  return rv;
}

static CK_RV f_Logout(CK_SESSION_HANDLE session) {
  ORDERS("C_Logout", 0);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  return real->C_Logout(session);
}

static CK_RV f_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR list,
                                 CK_ULONG count) {
  ORDERS("C_GetAttributeValue", 0);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  CK_RV rv = real->C_GetAttributeValue(session, object, list, count);
  if (verdict.corrupt && rv == CKR_OK && list[0].pValue && list[0].ulValueLen > 40 &&
      list[0].ulValueLen != (CK_ULONG)-1)
    ((CK_BYTE *)list[0].pValue)[8] ^= 0xff;
  return rv;
}

static CK_RV f_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR list, CK_ULONG count) {
  CK_OBJECT_CLASS class = (CK_OBJECT_CLASS)-1;
  for (CK_ULONG i = 0; i < count; i++)
    if (list[i].type == CKA_CLASS && list[i].pValue && list[i].ulValueLen == sizeof class)
      memcpy(&class, list[i].pValue, sizeof class);
  ORDERS("C_FindObjectsInit", (long)class);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  session_of(session)->finds_nothing =
      class == CKO_CERTIFICATE &&
      (has_order("no-certs") || (has_order("certs-after-login") && !is_logged_in(session)));
  return real->C_FindObjectsInit(session, list, count);
}

static CK_RV f_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR found, CK_ULONG most,
                           CK_ULONG_PTR count) {
  ORDERS("C_FindObjects", 0);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  if (session_of(session)->finds_nothing) {
    *count = 0;
    return CKR_OK;
  }
  return real->C_FindObjects(session, found, most, count);
}

static CK_RV f_FindObjectsFinal(CK_SESSION_HANDLE session) {
  ORDERS("C_FindObjectsFinal", 0);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  return real->C_FindObjectsFinal(session);
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  ORDERS("C_SignInit", 0);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  if (is_hidden(mechanism->mechanism)) return CKR_MECHANISM_INVALID;
  return real->C_SignInit(session, mechanism, key);
}

static CK_RV f_SignInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  enter_signing("C_SignInit");
  CK_RV rv = sign_init(session, mechanism, key);
  signing_thread = 0;
  return rv;
}

static CK_RV sign_once(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                       CK_ULONG_PTR signature_length) {
  ORDERS("C_Sign", 0);
  NEED_TOKEN(CKR_DEVICE_REMOVED);
  CK_RV rv = real->C_Sign(session, data, length, signature, signature_length);
  if (verdict.corrupt && rv == CKR_OK && signature) signature[*signature_length / 2] ^= 0x01;
  return rv;
}

static CK_RV f_Sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                    CK_ULONG_PTR signature_length) {
  char line[32];
  enter_signing("C_Sign");
  snprintf(line, sizeof line, "%lu", thread_number());
  if (has_order("log-threads")) append_line("threads.log", line);
  CK_RV rv = sign_once(session, data, length, signature, signature_length);
  signing_thread = 0;
  return rv;
}

/* Slot events of our own: the token was put in or pulled since the last time that we looked. */
static CK_RV f_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR shown, CK_VOID_PTR reserved) {
  static int known = -1;
  (void)reserved;
  ORDERS("C_WaitForSlotEvent", 0);
  if (known < 0) known = exists("absent");
  for (;;) {
    int now = exists("absent");
    if (now != known) {
      known = now;
      *shown = 100;
      return CKR_OK;
    }
    if (flags & CKF_DONT_BLOCK) return CKR_NO_EVENT;
    sleep_ms(10);
  }
}

CK_DEFINE_FUNCTION(CK_RV, C_GetFunctionList)(CK_FUNCTION_LIST_PTR_PTR list);

static void set_up(void) {
  char value[1024], name[64];
  find_folder();
  for (int n = 0; nth_order("env", n, value, sizeof value); n++) {
    char *text = strchr(value, ' ');
    if (!text) continue;
    *text = 0;
    snprintf(name, sizeof name, "%.63s", value);
    set_environment(name, text + 1);
  }
  if (order("forward", value, sizeof value)) {
    void *library = load_library(value);
    CK_C_GetFunctionList entry = library ? entry_of(library) : NULL;
    if (!entry || entry(&real) != CKR_OK) real = NULL;
  } else real = small_token(folder);
}

CK_DEFINE_FUNCTION(CK_RV, C_GetFunctionList)(CK_FUNCTION_LIST_PTR_PTR list) {
  if (!real) set_up();
  if (!real) return CKR_GENERAL_ERROR;
  ORDERS("C_GetFunctionList", 0);
  table = *real;
  table.C_Initialize = f_Initialize;
  table.C_Finalize = f_Finalize;
  table.C_GetInfo = f_GetInfo;
  table.C_GetFunctionList = C_GetFunctionList;
  table.C_GetSlotList = f_GetSlotList;
  table.C_GetSlotInfo = f_GetSlotInfo;
  table.C_GetTokenInfo = f_GetTokenInfo;
  table.C_GetMechanismList = f_GetMechanismList;
  table.C_GetMechanismInfo = f_GetMechanismInfo;
  table.C_OpenSession = f_OpenSession;
  table.C_CloseSession = f_CloseSession;
  table.C_CloseAllSessions = f_CloseAllSessions;
  table.C_GetSessionInfo = f_GetSessionInfo;
  table.C_Login = f_Login;
  table.C_Logout = f_Logout;
  table.C_GetAttributeValue = f_GetAttributeValue;
  table.C_FindObjectsInit = f_FindObjectsInit;
  table.C_FindObjects = f_FindObjects;
  table.C_FindObjectsFinal = f_FindObjectsFinal;
  table.C_SignInit = f_SignInit;
  table.C_Sign = f_Sign;
  table.C_WaitForSlotEvent = f_WaitForSlotEvent;
  *list = &table;
  return CKR_OK;
}
