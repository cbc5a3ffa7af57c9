import { resolve } from 'node:path';
import pkcs11js from 'pkcs11js';
import { AnThuError } from '../../core/shared/errors.ts';
import { ckrName, tokenError } from './ckr.ts';
import { checkLibraryFile } from './library-header.ts';

export type Pkcs11 = pkcs11js.PKCS11;
export type Handle = Buffer;

/** A token where it is now; `slot` is only good until the next look. */
export interface PluggedToken {
  readonly slot: Handle;
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  readonly flags: number;
  readonly minPinLength: number;
  readonly maxPinLength: number;
}

export interface SlotView {
  readonly slot: Handle;
  readonly description: string;
  /** Whether the slot says that it is a device. */
  readonly hardware: boolean;
  readonly token: PluggedToken | null;
  /** Why the slot's token could not be read. */
  readonly error: AnThuError | null;
}

/** CKF_HW_SLOT. */
const hardwareSlot = 0x4;

/** Fixed-width fields are padded with blanks, or with zero bytes by modules that do it wrong. */
export const trimmed = (text: string): string => text.replaceAll('\0', '').trim();

/** Slot handle as a number for people (CK_ULONG, little-endian on what we run on). */
export const slotName = (slot: Handle): string =>
  BigInt(`0x${Buffer.from(slot.toReversed()).toString('hex') || '0'}`).toString();

/** Runs one module call; what it throws becomes our error with the function's name. */
export function call<T>(operation: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw tokenError(thrown, operation);
  }
}

/** Environment variable with the text that a module wants at its start (pReserved): NSS names its database there. */
const parametersVariable = 'AN_THU_MODULE_PARAMETERS';

function initializeArguments(): pkcs11js.InitializationOptions {
  const libraryParameters = process.env[parametersVariable];
  return { flags: pkcs11js.CKF_OS_LOCKING_OK, ...(libraryParameters !== undefined && { libraryParameters }) };
}

/**
 * Checks, loads and initializes a PKCS#11 module, always with CKF_OS_LOCKING_OK. Only for a process that may die
 * of it. Errors: those of `checkLibraryFile`, `token.module-load-failed`, and what C_Initialize says.
 */
export async function loadModule(path: string): Promise<Pkcs11> {
  await checkLibraryFile(path);
  const module = new pkcs11js.PKCS11();
  try {
    module.load(resolve(path));
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown';
    throw new AnThuError('token.module-load-failed', { path, reason: reason.slice(0, 300) }, { cause });
  }
  try {
    module.C_Initialize(initializeArguments());
  } catch (thrown) {
    if (ckrName(thrown) === 'CKR_CRYPTOKI_ALREADY_INITIALIZED') return module;
    module.close();
    throw tokenError(thrown, 'C_Initialize');
  }
  return module;
}

/** Ends and starts a loaded module, so that it looks for readers and tokens anew; every session of this process ends. */
export function restartModule(module: Pkcs11): void {
  call('C_Finalize', () => module.C_Finalize());
  call('C_Initialize', () => module.C_Initialize(initializeArguments()));
}

/** What the module says about itself in one line. */
export function describeModule(module: Pkcs11): string {
  const info = call('C_GetInfo', () => module.C_GetInfo());
  const version = `${info.libraryVersion.major}.${info.libraryVersion.minor}`;
  return `${trimmed(info.libraryDescription)} ${version} (${trimmed(info.manufacturerID)})`;
}

/** Every slot with its token. The list without tokens is asked first: some drivers look for new readers only then. */
export function readSlots(module: Pkcs11): SlotView[] {
  const all = call('C_GetSlotList', () => module.C_GetSlotList(false));
  const filled = new Set(
    call('C_GetSlotList', () => module.C_GetSlotList(true)).map((slot) => slot.toString('hex')),
  );
  return all.map((slot) => {
    try {
      const { slotDescription, flags } = module.C_GetSlotInfo(slot);
      const found = {
        slot,
        description: trimmed(slotDescription),
        hardware: (flags & hardwareSlot) !== 0,
        error: null,
      };
      if (!filled.has(slot.toString('hex'))) return { ...found, token: null };
      return { ...found, token: readToken(module, slot) };
    } catch (thrown) {
      // What cannot be asked is treated with the most care.
      return {
        slot,
        description: '',
        hardware: true,
        token: null,
        error: tokenError(thrown, 'C_GetTokenInfo'),
      };
    }
  });
}

/** The token in a slot, freshly read: flags change with every try. */
export function readToken(module: Pkcs11, slot: Handle): PluggedToken {
  const info = call('C_GetTokenInfo', () => module.C_GetTokenInfo(slot));
  return {
    slot,
    label: trimmed(info.label),
    manufacturer: trimmed(info.manufacturerID),
    model: trimmed(info.model),
    serial: trimmed(info.serialNumber),
    flags: info.flags,
    minPinLength: info.minPinLen,
    maxPinLength: info.maxPinLen,
  };
}

export function openSession(module: Pkcs11, slot: Handle): Handle {
  return call('C_OpenSession', () => module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION));
}

/** Closing is cleaning up: the session may be gone already with its token. */
export function closeSession(module: Pkcs11, session: Handle): void {
  try {
    module.C_CloseSession(session);
  } catch {
    // nothing is left to close
  }
}
