import { Button } from '@mantine/core';
import { Component, type ContextType, type ReactNode } from 'react';
import { errorValueOf } from '../engine/engine-error.ts';
import { MessagesContext } from '../i18n/use-messages.ts';
import { Notice } from '../ui/notice.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
}

/** A defect of one screen leaves the others and the navigation usable. Mount it anew (by `key`) for each screen. */
export class ScreenBoundary extends Component<Props, State> {
  static override contextType = MessagesContext;
  declare context: ContextType<typeof MessagesContext>;
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    const t = this.context;
    return (
      <div className="screen-body">
        <Notice tone="bad" title={t('shell.screen-failed')}>
          {t('shell.screen-failed-text')}{' '}
          <span className="mono soft">{errorValueOf(this.state.error).message}</span>
          <br />
          <Button mt={8} size="compact-xs" variant="default" onClick={() => this.setState({ error: null })}>
            {t('action.retry')}
          </Button>
        </Notice>
      </div>
    );
  }
}
