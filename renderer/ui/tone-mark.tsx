import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { toneIcon, type Tone } from './tone.ts';
import './tone.css';

interface Props {
  readonly tone: Tone;
  readonly icon?: Icon;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A short word on how something stands. */
export function ToneMark({ tone, icon, title, children }: Props) {
  const Sign = icon ?? toneIcon[tone];
  return (
    <span className={`tone-mark tone-${tone}`} title={title}>
      <Sign size={13} stroke={2} aria-hidden />
      <span>{children}</span>
    </span>
  );
}
