// pkcs11.node imports its host late (delay load) and by this hook from whatever program has loaded it: node.exe,
// an-thu.exe or any other name. A plain import would look for a file called node.exe and fail in the packaged app.
#include <windows.h>
#include <delayimp.h>

static FARPROC WINAPI answer_host(unsigned event, PDelayLoadInfo wanted) {
  if (event != dliNotePreLoadLibrary || _stricmp(wanted->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}
extern "C" PfnDliHook __pfnDliNotifyHook2 = answer_host;
