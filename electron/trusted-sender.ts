import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { isOurUrl } from './origin.ts';

/** Whether a message comes from the top frame of our own window while it shows our own page. */
export function isTrustedSender(event: IpcMainInvokeEvent, ours: WebContents | undefined): boolean {
  const frame = event.senderFrame;
  return (
    ours !== undefined &&
    event.sender === ours &&
    frame !== null &&
    frame.parent === null &&
    isOurUrl(frame.url)
  );
}
