// Windows 10 and later have this library; Wine 8 does not, and sharp and rolldown (Rust) import it. For Wine only.
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
  return RtlGenRandom(data, (ULONG)length);
}
