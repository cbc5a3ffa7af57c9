import { notifications } from '@mantine/notifications';
import { errorValueOf } from '../engine/engine-error.ts';
import { translator } from '../i18n/catalogue.ts';

/** Notices outlive the component that caused them, so they ask the page itself for its language. */
function closeLabel(): string {
  return translator(document.documentElement.lang === 'en' ? 'en' : 'vi')('action.close');
}

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    color: 'green',
    withBorder: true,
    closeButtonProps: { 'aria-label': closeLabel() },
  });
}

/** Says what went wrong; stays until it is closed. */
export function notifyError(error: unknown): void {
  notifications.show({
    message: errorValueOf(error).message,
    color: 'red',
    withBorder: true,
    autoClose: false,
    closeButtonProps: { 'aria-label': closeLabel() },
  });
}
