import { IconCloudUpload } from '@tabler/icons-react';
import type { DocumentDetail } from '../../core/contract/document.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { OutboxCard } from '../sync/outbox-card.tsx';
import { Empty } from '../ui/empty.tsx';

/** What was sent to the province for this document and what it answered. */
export function DocumentSending({ document }: { readonly document: DocumentDetail }) {
  const t = useMessages();
  if (document.outbox.length === 0) {
    return (
      <Empty icon={IconCloudUpload} title={t('document.nothing-sent')}>
        {t('document.nothing-sent-text')}
      </Empty>
    );
  }
  return document.outbox.map((entry) => <OutboxCard key={entry.id} entry={entry} />);
}
