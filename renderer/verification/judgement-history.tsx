import type { FileReport } from '../../core/contract/verification.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { reasonsOf } from './reasons.ts';
import { verdictWordsOf } from './verdict-words.ts';
import './compare.css';

interface Judgement {
  readonly id: string;
  readonly checkedAt: string;
  readonly sha256: string;
  readonly report: FileReport;
}

interface Props {
  /** In the order in which they were made, whatever the clock said. */
  readonly judgements: readonly Judgement[];
  readonly nameOf: (judgement: Judgement) => string;
}

/** Every judgement that was made, the newest first; none is ever overwritten. */
export function JudgementHistory({ judgements, nameOf }: Props) {
  const t = useMessages();
  const say = useSaid();
  const newestFirst = judgements.toReversed();
  return (
    <section aria-label={t('judgements.title')}>
      <h2 className="card-title">{t('judgements.title')}</h2>
      <ul className="judgement-list">
        {newestFirst.map((judgement) => {
          const [tone, title] = verdictWordsOf(judgement.report);
          return (
            <li key={judgement.id}>
              <time dateTime={judgement.checkedAt}>{showInstant(judgement.checkedAt, 'seconds')}</time>
              <span className="isolated-text">{nameOf(judgement)}</span>
              <ToneMark tone={tone} title={reasonsOf(judgement.report, say).join(' ')}>
                {t(title)}
              </ToneMark>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
