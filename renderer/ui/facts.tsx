import type { ReactNode } from 'react';
import './facts.css';

interface Props {
  /** Label and value; a value of null leaves the line out. */
  readonly rows: readonly (readonly [string, ReactNode])[];
}

/** Pairs of label and value. */
export function Facts({ rows }: Props) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => [
          <dt key={`${label}-label`}>{label}</dt>,
          <dd key={`${label}-value`}>{value}</dd>,
        ])}
    </dl>
  );
}
