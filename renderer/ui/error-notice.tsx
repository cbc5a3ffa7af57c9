import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { errorValueOf } from '../engine/engine-error.ts';
import { useSaid } from '../i18n/use-said.ts';
import { Notice } from './notice.tsx';

interface Props {
  readonly error: ErrorValue | Error;
  readonly title?: string;
  /** `warn` for what mends itself, such as a try that will be repeated. */
  readonly tone?: 'bad' | 'warn';
}

/** An error's sentence, with its code in small print for the support desk. */
export function ErrorNotice({ error, title, tone = 'bad' }: Props) {
  const say = useSaid();
  const value = error instanceof Error ? errorValueOf(error) : error;
  return (
    <Notice tone={tone} {...(title ? { title } : {})}>
      {say(value)} <span className="mono soft">[{value.code}]</span>
    </Notice>
  );
}
