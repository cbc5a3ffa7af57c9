import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconArrowsHorizontal,
  IconChevronLeft,
  IconChevronRight,
  IconMinus,
  IconPlus,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { showShare } from '../format/number.ts';
import type { PageControls } from './use-page-controls.ts';

interface Props {
  readonly controls: PageControls;
  readonly children?: ReactNode;
}

/** Page number and zoom above a page. */
export function PageBar({ controls, children }: Props) {
  const t = useMessages();
  return (
    <div className="pages-bar" role="toolbar" aria-label={t('pages.label')}>
      <Tool
        title="pages.previous"
        keys="Alt+PageUp"
        onClick={controls.previous}
        disabled={controls.page === 0}
      >
        <IconChevronLeft size={17} />
      </Tool>
      <span className="pages-number">
        {t('pages.page-of', { page: controls.page + 1, pages: controls.pages })}
      </span>
      <Tool
        title="pages.next"
        keys="Alt+PageDown"
        onClick={controls.next}
        disabled={controls.page >= controls.pages - 1}
      >
        <IconChevronRight size={17} />
      </Tool>
      <span style={{ width: 8 }} />
      <Tool title="pages.zoom-out" keys="Ctrl+-" onClick={controls.zoomOut}>
        <IconMinus size={16} />
      </Tool>
      <span style={{ minWidth: 44, textAlign: 'center' }}>{showShare(controls.zoom)}</span>
      <Tool title="pages.zoom-in" keys="Ctrl+=" onClick={controls.zoomIn}>
        <IconPlus size={16} />
      </Tool>
      <Tool title="pages.fit-width" keys="Ctrl+0" onClick={controls.fitWidth}>
        <IconArrowsHorizontal size={17} />
      </Tool>
      <span style={{ flex: 1 }} />
      {children}
    </div>
  );
}

interface ToolProps {
  readonly title: MessageKey;
  readonly keys: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

function Tool({ title, keys, onClick, disabled, children }: ToolProps) {
  const t = useMessages();
  return (
    <Tooltip label={`${t(title)} (${keys})`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t(title)}
        onClick={onClick}
        disabled={disabled ?? false}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
