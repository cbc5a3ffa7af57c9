import { notifications } from '@mantine/notifications';
import { errorValueOf } from '../engine/engine-error.ts';

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green', withBorder: true });
}

/** Says what went wrong; stays until it is closed. */
export function notifyError(error: unknown): void {
  notifications.show({
    message: errorValueOf(error).message,
    color: 'red',
    withBorder: true,
    autoClose: false,
  });
}
