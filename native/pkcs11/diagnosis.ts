import pkcs11js from 'pkcs11js';
import type { DiagnosedSlot, DiagnosedToken, ModuleInfo } from '../../core/contract/token-diagnosis.ts';
import { toErrorValue } from '../../core/shared/errors.ts';
import { publicKeyShape, summarizeCertificate } from '../token-host/certificate-summary.ts';
import { tokenError } from './ckr.ts';
import {
  call,
  closeSession,
  type Handle,
  loadModule,
  openSession,
  type Pkcs11,
  readToken,
  slotName,
  trimmed,
} from './module.ts';
import { pinStateOf, tokenFlag } from './token-flags.ts';
import { keyUri, tokenId } from './token-identity.ts';
import { endEntityCertificates, readCertificates } from './token-objects.ts';

const slotFlag = { tokenPresent: 0x1, removable: 0x2, hardware: 0x4 } as const;
const mechanismSigns = 0x800;

const mechanismNames = new Map(
  Object.entries(pkcs11js).flatMap(([name, value]): [number, string][] =>
    name.startsWith('CKM_') && typeof value === 'number' ? [[value, name]] : [],
  ),
);

/** Asks a module everything that needs no PIN. Lives in a token host of its own, which is thrown away afterwards. */
export class ModuleDiagnosis {
  readonly #path: string;
  #module: Pkcs11 | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Loads and starts the module. Errors: those of `loadModule`, and what C_GetInfo says. */
  async info(): Promise<ModuleInfo> {
    const module = await this.#loaded();
    const info = call('C_GetInfo', () => module.C_GetInfo());
    return {
      manufacturer: trimmed(info.manufacturerID),
      description: trimmed(info.libraryDescription),
      libraryVersion: versionText(info.libraryVersion),
      cryptokiVersion: versionText(info.cryptokiVersion),
    };
  }

  /** Every slot with its token; a slot that cannot be read holds its error. */
  async slots(): Promise<DiagnosedSlot[]> {
    const module = await this.#loaded();
    return call('C_GetSlotList', () => module.C_GetSlotList(false)).map((slot) => this.#slot(module, slot));
  }

  async #loaded(): Promise<Pkcs11> {
    this.#module ??= await loadModule(this.#path);
    return this.#module;
  }

  #slot(module: Pkcs11, slot: Handle): DiagnosedSlot {
    const empty = {
      slot: slotName(slot),
      description: '',
      manufacturer: '',
      removable: false,
      hardware: false,
    };
    try {
      const info = call('C_GetSlotInfo', () => module.C_GetSlotInfo(slot));
      const tokenPresent = (info.flags & slotFlag.tokenPresent) !== 0;
      const described = {
        ...empty,
        description: trimmed(info.slotDescription),
        manufacturer: trimmed(info.manufacturerID),
        removable: (info.flags & slotFlag.removable) !== 0,
        hardware: (info.flags & slotFlag.hardware) !== 0,
        tokenPresent,
      };
      if (!tokenPresent) return { ...described, token: null, error: null };
      try {
        return { ...described, token: this.#token(module, slot), error: null };
      } catch (thrown) {
        return { ...described, token: null, error: toErrorValue(tokenError(thrown, 'C_GetTokenInfo')) };
      }
    } catch (thrown) {
      return { ...empty, tokenPresent: false, token: null, error: toErrorValue(thrown) };
    }
  }

  #token(module: Pkcs11, slot: Handle): DiagnosedToken {
    const token = readToken(module, slot);
    const { hardwareVersion, firmwareVersion } = call('C_GetTokenInfo', () => module.C_GetTokenInfo(slot));
    const has = (flag: number): boolean => (token.flags & flag) !== 0;
    const initialized = has(tokenFlag.tokenInitialized);
    return {
      id: tokenId(token),
      label: token.label,
      manufacturer: token.manufacturer,
      model: token.model,
      serial: token.serial,
      hardwareVersion: versionText(hardwareVersion),
      firmwareVersion: versionText(firmwareVersion),
      initialized,
      loginRequired: has(tokenFlag.loginRequired),
      pinPad: has(tokenFlag.protectedAuthenticationPath),
      pinState: pinStateOf(token.flags),
      pinLength: { min: token.minPinLength, max: token.maxPinLength },
      mechanisms: mechanisms(module, slot),
      certificates: initialized ? this.#certificates(module, slot) : [],
    };
  }

  #certificates(module: Pkcs11, slot: Handle): DiagnosedToken['certificates'] {
    const token = readToken(module, slot);
    const session = openSession(module, slot);
    try {
      const all = readCertificates(module, session);
      const leaves = new Set(endEntityCertificates(all));
      return all.map((certificate) => {
        const shape = publicKeyShape(certificate.der);
        return {
          id: certificate.id,
          label: certificate.label,
          keyUri: keyUri(token, certificate.id, certificate.label, this.#path),
          role: leaves.has(certificate) ? 'end-entity' : 'issuer',
          keyType: shape?.keyType ?? null,
          bits: shape?.bits ?? null,
          summary: summarizeCertificate(certificate.der),
        };
      });
    } finally {
      closeSession(module, session);
    }
  }
}

const versionText = ({ major, minor }: pkcs11js.Version): string => `${major}.${minor}`;

/** Mechanisms that a module lists but cannot describe are left out: nothing could be done with them. */
function mechanisms(module: Pkcs11, slot: Handle): DiagnosedToken['mechanisms'] {
  return call('C_GetMechanismList', () => module.C_GetMechanismList(slot)).flatMap((code) => {
    try {
      const { minKeySize, maxKeySize, flags } = module.C_GetMechanismInfo(slot, code);
      const name = mechanismNames.get(code) ?? `0x${code.toString(16)}`;
      return [{ name, code, minKeySize, maxKeySize, signs: (flags & mechanismSigns) !== 0 }];
    } catch {
      return [];
    }
  });
}
