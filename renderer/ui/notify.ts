import { notifications } from '@mantine/notifications';
import { sentenceOf, type Language } from '../../core/contract/sentences.ts';
import { errorValueOf } from '../engine/engine-error.ts';
import { translator } from '../i18n/catalogue.ts';

/** Notices outlive the component that caused them, so they ask the page itself for its language. */
function pageLanguage(): Language {
  return document.documentElement.lang === 'en' ? 'en' : 'vi';
}

function closeLabel(): string {
  return translator(pageLanguage())('action.close');
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
    message: sentenceOf(errorValueOf(error), pageLanguage()),
    color: 'red',
    withBorder: true,
    autoClose: false,
    closeButtonProps: { 'aria-label': closeLabel() },
  });
}
