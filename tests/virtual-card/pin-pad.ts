import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian puts the smart card service's library. */
const pcscLibrary = '/usr/lib/x86_64-linux-gnu/libpcsclite.so.1';

export interface PinPad {
  /** For the token host, beside the reader's own. */
  readonly env: { readonly OPENSC_CONF: string; readonly PIN_PAD_FILE: string };
  /** What somebody types on the reader at the next question: a PIN, `cancel`, or nothing in time (`late`). */
  type(keys: string): void;
}

/** Gives the virtual reader a PIN pad for OpenSC (pin-pad.c). `folder` is a scratch folder of the test. */
export function createPinPad(folder: string): PinPad {
  const library = join(folder, 'pin-pad.so');
  const source = join(import.meta.dirname, 'pin-pad.c');
  const flags = ['-std=c11', '-Wall', '-O2', '-shared', '-fPIC'];
  execFileSync('cc', [...flags, '-o', library, source, pcscLibrary], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const config = join(folder, 'opensc-pad.conf');
  const reader = `  reader_driver pcsc {\n    provider_library = ${library};\n    enable_pinpad = true;\n  }\n`;
  writeFileSync(config, `app default {\n${reader}  framework pkcs15 { use_file_caching = no; }\n}\n`);
  const typed = join(folder, 'typed');
  const type = (keys: string): void => writeFileSync(typed, `${keys}\n`, { mode: 0o600 });
  type('late');
  return { env: { OPENSC_CONF: config, PIN_PAD_FILE: typed }, type };
}
