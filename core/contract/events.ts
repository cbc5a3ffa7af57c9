import { z } from 'zod';
import { idSchema } from './common.ts';
import { syncStatusSchema } from './sync.ts';

/** Pushes from the engine to whoever listens: a hint to ask again, never the truth itself. */
export const eventSchemas = {
  'intake.changed': z.object({ id: idSchema.nullable() }),
  'register.changed': z.object({ id: idSchema.nullable() }),
  'document.changed': z.object({ id: idSchema }),
  'sync.changed': syncStatusSchema,
  'token.changed': z.object({}),
  'sealing.changed': z.object({}),
  'services.changed': z.object({}),
};
export type EventName = keyof typeof eventSchemas;
export type EventValue<N extends EventName> = z.infer<(typeof eventSchemas)[N]>;
