import type { ReactNode } from 'react';
import { toneIcon, type Tone } from './tone.ts';
import './tone.css';

interface Props {
  readonly tone: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
}

/** A sentence or two that the clerk should read. */
export function Notice({ tone, title, children }: Props) {
  const Sign = toneIcon[tone];
  return (
    <div className={`notice tone-${tone}`} role={tone === 'bad' ? 'alert' : 'note'}>
      <Sign size={17} stroke={1.9} aria-hidden />
      <div className="notice-body">
        {title && <strong>{title}</strong>}
        {title && children ? <br /> : null}
        {children}
      </div>
    </div>
  );
}
