import { z } from 'zod';
import { instantSchema, sha256Schema } from './common.ts';
import { defineProcedure } from './procedure.ts';

/** A backup that was made of this register. */
export const madeBackupSchema = z.object({
  set: z.string().max(100),
  /** Folder with the sets, as given. */
  target: z.string().max(4096),
  createdAt: instantSchema,
  kind: z.enum(['full', 'incremental']),
  manifestSha256: sha256Schema,
  files: z.number().int().nonnegative(),
  /** Stored files that could not be had; the set is not whole. */
  missing: z.number().int().nonnegative(),
  /** Whether it lies on the disk of the data. */
  sameDisk: z.boolean(),
});
export type MadeBackup = z.infer<typeof madeBackupSchema>;

export const backupProcedures = {
  /** For the command line: copies the register as it is now into the scratch folder, while the engine goes on. The caller removes it. */
  'backup.snapshot': defineProcedure({ input: z.object({}), output: z.object({ path: z.string() }) }),
  /** For the command line: writes a backup that was made into the log. */
  'backup.record': defineProcedure({ input: madeBackupSchema, output: z.object({}) }),
  /** The last backup that was made of this register, wherever it lies. */
  'backup.last': defineProcedure({
    input: z.object({}),
    output: z.object({ last: madeBackupSchema.nullable() }),
  }),
};
