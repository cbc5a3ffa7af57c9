import { isComposing } from '../commands/chord.ts';

interface FieldKeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Enter alone accepts a field and goes on; never while Telex or VNI is composing. */
export function acceptsField(press: FieldKeyPress): boolean {
  if (isComposing(press)) return false;
  return press.key === 'Enter' && !press.shiftKey && !press.ctrlKey && !press.altKey && !press.metaKey;
}

/** Puts the focus on the next control of the form (`data-field`, then the button that registers). */
export function focusNext(form: HTMLElement, from: EventTarget | null): void {
  const stops = [...form.querySelectorAll<HTMLElement>('[data-field], [data-accept]')].filter(
    (stop) => !stop.hasAttribute('disabled'),
  );
  const next = stops[stops.findIndex((stop) => stop === from) + 1];
  next?.focus();
  if (next instanceof HTMLInputElement) next.select();
}
