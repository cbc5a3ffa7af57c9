import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

/** A group of settings. */
export function Part({ title, about, children }: Props) {
  return (
    <section className="card settings-part">
      <div>
        <h2 className="card-title">{title}</h2>
        {about && <span className="soft">{about}</span>}
      </div>
      {children}
    </section>
  );
}
