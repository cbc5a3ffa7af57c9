import { z } from 'zod';

/** A file name, `*` for any letters; folders are absolute on macOS and Linux. */
const pattern = z.string().regex(/^[^\0:?"<>|]+$/);
const windowsName = pattern.regex(/^[^\\/]+\.dll$/i);

const knownModuleSchema = z.strictObject({
  vendor: z.string().min(1),
  windows: z
    .strictObject({
      /** Looked for in System32 and SysWOW64, and below the folders. */
      files: z.array(windowsName).min(1),
      /** Folders of the maker below Program Files (both), searched a few levels deep. */
      folders: z.array(z.string().regex(/^[^\\/]+$/)).default([]),
    })
    .optional(),
  macos: z.array(pattern.regex(/^\//)).default([]),
  /** Absolute, or a bare name that is looked for in the system's library folders. */
  linux: z.array(pattern).default([]),
});
export type KnownModule = z.infer<typeof knownModuleSchema>;

/** `name3..5.dll` is three names. */
function range(before: string, from: number, to: number, after = '.dll'): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${before}${from + i}${after}`);
}

/**
 * PKCS#11 modules of the tokens in use in Vietnam, in the order of domain/vietnam.md §6.3 (names as public clients list them,
 * none tried with the maker's token here). A table, so that a new driver is one line. Checked when it is read.
 */
export const knownModules: readonly KnownModule[] = z.array(knownModuleSchema).parse([
  {
    vendor: 'Bit4id (Ban Cơ yếu Chính phủ)',
    windows: { files: ['bit4xpki.dll'], folders: ['Bit4Id*'] },
    macos: ['/Library/bit4id/pkcs11/libbit4xpki.dylib'],
    linux: ['/usr/lib/bit4id/libbit4xpki.so', '/usr/lib/libbit4xpki.so'],
  },
  {
    vendor: 'SafeNet eToken (gca01, Ban Cơ yếu Chính phủ)',
    windows: { files: ['eTPKCS11.dll', 'IDPrimePKCS1164.dll', 'IDPrimePKCS11.dll'], folders: ['SafeNet*'] },
    macos: ['/usr/local/lib/libeTPkcs11.dylib'],
    linux: ['/usr/lib/libeTPkcs11.so'],
  },
  {
    vendor: 'Viettel-CA',
    windows: { files: range('viettel-ca_v', 1, 6), folders: ['Viettel*'] },
    macos: ['/usr/local/lib/viettel-ca_v6.dylib'],
  },
  {
    vendor: 'VNPT-CA',
    windows: {
      files: [...range('vnptca_p11_v', 6, 10), 'vnpt-ca_csp11.dll', 'vnpt-ca_v34.dll', 'vnpt-ca_cl_v1.dll'],
      folders: ['VNPT*'],
    },
  },
  {
    vendor: 'FPT-CA',
    windows: { files: [...range('fptca_v', 3, 6), 'fpt-ca*.dll', 'fca_v1.dll'], folders: ['FPT*'] },
  },
  { vendor: 'BKAV-CA', windows: { files: ['BkavCA.dll', 'BkavCAv2S.dll'], folders: ['BKAV*'] } },
  {
    vendor: 'Feitian ePass2003',
    windows: {
      files: ['eps2003csp11.dll', 'eps2003csp11v2.dll', 'ShuttleCsp11_3003.dll'],
      folders: ['EnterSafe*', 'Feitian*'],
    },
    macos: ['/usr/local/lib/libcastle.dylib'],
    linux: ['libcastle.so'],
  },
  { vendor: 'SecureToken ST3', windows: { files: ['st3csp11.dll'] } },
  { vendor: 'NCCA', windows: { files: ['ncca_csp11_v1.dll'] } },
  { vendor: 'CA2', windows: { files: ['CA2_csp11.dll', 'CA2_v34.dll'] } },
  { vendor: 'NewTel-CA', windows: { files: ['newca_v4.dll', ...range('nca_v', 4, 9)] } },
  { vendor: 'EFY-CA', windows: { files: ['efy-ca_v1.dll'] } },
  { vendor: 'Safe-CA', windows: { files: ['Safe-ca_v*.dll'] } },
  { vendor: 'Vina-CA', windows: { files: ['Vina-CAv*.dll'] } },
  { vendor: 'MISA-CA', windows: { files: ['misaca_csp11_v2.dll'] } },
  { vendor: 'NG PKI token', windows: { files: ['ngp11v211.dll'] } },
  { vendor: 'SignatureP11', windows: { files: ['SignatureP11.dll'] } },
  { vendor: 'ACS ACOS', windows: { files: ['acospkcs11.dll'] } },
  { vendor: 'Watchdata', windows: { files: ['WDPKCS.dll'] } },
  {
    vendor: 'OpenSC',
    windows: { files: ['opensc-pkcs11.dll'], folders: ['OpenSC Project'] },
    macos: ['/Library/OpenSC/lib/opensc-pkcs11.so'],
    linux: ['opensc-pkcs11.so'],
  },
]);
