/* The PKCS#11 header that comes with pkcs11js, with the packing that each platform wants. */
#ifndef AN_THU_CRYPTOKI_H
#define AN_THU_CRYPTOKI_H

#ifdef _WIN32
#pragma pack(push, cryptoki, 1)
#endif
#include <pkcs11/pkcs11.h>
#ifdef _WIN32
#pragma pack(pop, cryptoki)
#endif

/* The built-in token of the module (small-token.c): one RSA key and certificate from files in `folder`. */
CK_FUNCTION_LIST_PTR small_token(const char *folder);

#endif
