import { Button, SegmentedControl } from '@mantine/core';
import { IconFilePlus, IconInbox } from '@tabler/icons-react';
import type { z } from 'zod';
import type { candidateSchema, IntakeItem } from '../../core/contract/intake.ts';
import { useEngine } from '../engine/engine-context.ts';
import { chooseFiles } from '../engine/choose.ts';
import { EngineError } from '../engine/engine-error.ts';
import { useAction } from '../engine/use-action.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Empty } from '../ui/empty.tsx';
import { notifyError } from '../ui/notify.ts';
import { Candidates } from './candidates.tsx';
import { InboxItem } from './inbox-item.tsx';
import { arrangeInbox, type InboxView } from './intake-words.ts';

interface Props {
  readonly items: readonly IntakeItem[];
  readonly shown: readonly IntakeItem[];
  readonly candidates: readonly z.infer<typeof candidateSchema>[];
  readonly selectedId: string | null;
  readonly view: InboxView;
  readonly onView: (view: InboxView) => void;
}

/** Left column: the received files. */
export function InboxList({ items, shown, candidates, selectedId, view, onView }: Props) {
  const t = useMessages();
  const engine = useEngine();
  const add = useAction('intake.add');
  async function addFiles(): Promise<void> {
    const paths = await chooseFiles(engine.shell);
    if (paths.length === 0) return;
    const { failed } = await add.mutateAsync({ paths });
    for (const { error } of failed) notifyError(new EngineError(error));
  }
  const count = (of: InboxView) => arrangeInbox(items, of).length;
  return (
    <section className="inbox-list" aria-label={t('inbox.list')}>
      <div className="inbox-list-head">
        <div className="inbox-item-line">
          <h1>{t('nav.inbox')}</h1>
          {engine.shell.chooseFiles && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconFilePlus size={14} aria-hidden />}
              loading={add.isPending}
              onClick={() => void addFiles().catch(notifyError)}
            >
              {t('inbox.add-files')}
            </Button>
          )}
        </div>
        <SegmentedControl
          size="xs"
          styles={{ label: { paddingInline: 5, fontSize: '0.71875rem' } }}
          value={view}
          onChange={(value) => onView(value as InboxView)}
          aria-label={t('inbox.view')}
          data={[
            { value: 'open', label: `${t('inbox.view-open')} (${count('open')})` },
            { value: 'done', label: `${t('inbox.view-done')} (${count('done')})` },
            { value: 'all', label: t('inbox.view-all') },
          ]}
        />
      </div>
      {shown.length === 0 ? (
        <div style={{ flex: 1 }}>
          {items.length > 0 && (
            <Empty icon={IconInbox} title={t('inbox.empty')}>
              {t('inbox.empty-text')}
            </Empty>
          )}
        </div>
      ) : (
        <ul className="inbox-items">
          {shown.map((item) => (
            <InboxItem key={item.id} item={item} selected={item.id === selectedId} />
          ))}
        </ul>
      )}
      <Candidates candidates={candidates} />
    </section>
  );
}
