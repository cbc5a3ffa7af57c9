import { archiveErrors } from './archive.ts';
import { auditErrors } from './audit.ts';
import { backupErrors } from './backup.ts';
import { batchErrors } from './batch.ts';
import { engineErrors } from './engine.ts';
import { generalErrors } from './general.ts';
import { intakeErrors } from './intake.ts';
import { pdfErrors } from './pdf.ts';
import { readingErrors } from './reading.ts';
import { registerErrors } from './register.ts';
import { scannerErrors } from './scanner.ts';
import { signingErrors } from './signing.ts';
import { storeErrors } from './store.ts';
import { syncErrors } from './sync.ts';
import { tokenErrors } from './token.ts';
import { tokenRegisterErrors } from './token-register.ts';
import { updateErrors } from './update.ts';
import { verificationErrors } from './verification.ts';

/** Every error code of the product with its exit status and its sentences; listed in docs/errors.md. */
export const errorDefinitions = {
  ...generalErrors,
  ...engineErrors,
  ...storeErrors,
  ...intakeErrors,
  ...scannerErrors,
  ...readingErrors,
  ...registerErrors,
  ...tokenErrors,
  ...tokenRegisterErrors,
  ...pdfErrors,
  ...signingErrors,
  ...batchErrors,
  ...verificationErrors,
  ...archiveErrors,
  ...auditErrors,
  ...backupErrors,
  ...syncErrors,
  ...updateErrors,
};

export type ErrorCode = keyof typeof errorDefinitions;
export type { ErrorValue } from './value.ts';
export { errorValueSchema } from './value.ts';
