import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { errorValueOf } from '../engine/engine-error.ts';
import { Notice } from './notice.tsx';

interface Props {
  readonly error: ErrorValue | Error;
  readonly title?: string;
  /** `warn` for what mends itself, such as a try that will be repeated. */
  readonly tone?: 'bad' | 'warn';
}

/** An error's sentence, with its code in small print for the support desk. */
export function ErrorNotice({ error, title, tone = 'bad' }: Props) {
  const value = error instanceof Error ? errorValueOf(error) : error;
  return (
    <Notice tone={tone} {...(title ? { title } : {})}>
      {value.message} <span className="mono soft">[{value.code}]</span>
    </Notice>
  );
}
