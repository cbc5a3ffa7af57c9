import { useEffect, useState } from 'react';
import { IconFileSearch, IconShieldX } from '@tabler/icons-react';
import type { IntakeItem } from '../../core/contract/intake.ts';
import type { PageBox } from '../../core/contract/reading.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { PagesView } from '../pages/pages-view.tsx';
import { Empty } from '../ui/empty.tsx';
import { intakeWords, mayBeShown } from './intake-words.ts';
import { ReceivedSide } from './received-side.tsx';

interface Props {
  readonly item: IntakeItem;
  readonly onShown: () => void;
  /** Registered or set aside: go to the next file. */
  readonly onDone: () => void;
}

/** A received file: its pages beside what is known of it. */
export function ReceivedFile({ item, onShown, onDone }: Props) {
  const t = useMessages();
  const [box, setBox] = useState<PageBox | undefined>(undefined);
  const visible = mayBeShown(item);
  useEffect(() => {
    if (!visible) onShown();
  }, [visible, onShown]);
  const words = intakeWords[item.state];
  return (
    <>
      <section className="inbox-pages" aria-label={t('pages.label')}>
        {visible ? (
          <PagesView key={item.pdfSha256} sha256={item.pdfSha256!} box={box} onShown={onShown} />
        ) : (
          <Empty icon={item.state === 'quarantined' ? IconShieldX : IconFileSearch} title={t(words.title)}>
            {t(item.state === 'quarantined' ? 'inbox.not-shown-quarantined' : 'inbox.not-shown-yet')}
          </Empty>
        )}
      </section>
      <ReceivedSide item={item} onBox={setBox} onDone={onDone} />
    </>
  );
}
