import { IconFileDigit, IconScan } from '@tabler/icons-react';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { now, showInstant, showShortInstant } from '../format/date.ts';
import { showFileName } from '../format/file-name.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { hashOf } from '../router/parse-hash.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { intakeTitle } from './arrival-form.ts';
import { intakeWords } from './intake-words.ts';

interface Props {
  readonly item: IntakeItem;
  readonly selected: boolean;
}

/** One received file in the list. */
export function InboxItem({ item, selected }: Props) {
  const t = useMessages();
  const words = intakeWords[item.state];
  const name = showFileName(item.originalName);
  const Origin = item.origin === 'paper' ? IconScan : IconFileDigit;
  const secret = item.state === 'quarantined';
  const title = secret ? null : intakeTitle(item);
  const subject = secret ? null : item.proposal?.subject?.value;
  return (
    <li>
      <a
        className="inbox-item"
        href={hashOf('inbox', item.id)}
        aria-current={selected ? 'true' : undefined}
        data-intake-id={item.id}
        data-intake-state={item.state}
      >
        <span className="inbox-item-line">
          <span className="inbox-item-title clip isolated-text" title={name}>
            {title ?? name}
          </span>
          <Origin
            size={15}
            stroke={1.6}
            color="#69717a"
            aria-label={t(item.origin === 'paper' ? 'origin.paper' : 'origin.electronic')}
          />
        </span>
        {(subject ?? (title ? name : null)) && (
          <span className="inbox-item-text isolated-text">{subject ?? name}</span>
        )}
        <span className="inbox-item-line">
          <ToneMark tone={words.tone} icon={words.icon}>
            {t(words.title)}
          </ToneMark>
          <time
            className="inbox-time"
            dateTime={item.receivedAt}
            title={showInstant(item.receivedAt, 'seconds')}
          >
            {showShortInstant(item.receivedAt, now())}
          </time>
        </span>
        {item.duplicates.length > 0 && !secret && (
          <ToneMark tone="warn">{t('inbox.duplicate-mark')}</ToneMark>
        )}
      </a>
    </li>
  );
}
