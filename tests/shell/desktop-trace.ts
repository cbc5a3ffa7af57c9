import type { ElectronApplication } from '@playwright/test';
import { z } from 'zod';

const traceSchema = z.object({ trace: z.array(z.object({ what: z.string(), detail: z.unknown() })) });

/** What the app asked of the desktop, in order, as the stand-in host wrote it down. */
export async function desktopTrace(app: ElectronApplication): Promise<z.infer<typeof traceSchema>['trace']> {
  // Electron itself has no such export.
  const standIn = await app.evaluate((electron) => ('standIn' in electron ? electron.standIn : undefined));
  return traceSchema.parse(standIn).trace;
}
