import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { errorValueOf } from '../engine/engine-error.ts';
import { Notice } from './notice.tsx';

interface Props {
  readonly error: ErrorValue | Error;
  readonly title?: string;
}

/** An error's sentence, with its code in small print for the support desk. */
export function ErrorNotice({ error, title }: Props) {
  const value = error instanceof Error ? errorValueOf(error) : error;
  return (
    <Notice tone="bad" {...(title ? { title } : {})}>
      {value.message} <span className="mono soft">[{value.code}]</span>
    </Notice>
  );
}
