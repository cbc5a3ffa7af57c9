import { useId, type ReactNode } from 'react';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';

interface Props {
  readonly label: MessageKey;
  readonly required?: boolean;
  readonly wide?: boolean;
  /** How sure the proposal is. */
  readonly mark?: ReactNode;
  readonly children: (id: string) => ReactNode;
}

/** A label, how sure the proposal is, and the field. */
export function ArrivalField({ label, required, wide, mark, children }: Props) {
  const t = useMessages();
  const id = useId();
  return (
    <div className={wide ? 'wide' : undefined}>
      <div className="arrival-field-head">
        <label htmlFor={id}>
          {t(label)}
          {required && (
            <span aria-hidden style={{ color: 'var(--bad)' }}>
              {' '}
              *
            </span>
          )}
        </label>
        {mark}
      </div>
      {children(id)}
    </div>
  );
}
