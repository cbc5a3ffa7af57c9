import { IconCheck, IconPencil } from '@tabler/icons-react';
import { showShare } from '../format/number.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import type { FieldMark } from './arrival-form.ts';
import { confidenceWords } from './confidence.ts';

interface Props {
  readonly mark: FieldMark | undefined;
  /** 0 to 1, or null when nothing was found. */
  readonly confidence: number | null;
}

/** How sure the proposal is, or that the clerk has confirmed or changed it: a sign, a word and a colour. */
export function FieldConfidence({ mark, confidence }: Props) {
  const t = useMessages();
  if (mark === 'edited') {
    return (
      <ToneMark tone="info" icon={IconPencil}>
        {t('confidence.edited')}
      </ToneMark>
    );
  }
  if (mark === 'confirmed' && confidence !== null) {
    return (
      <ToneMark tone="ok" icon={IconCheck}>
        {t('confidence.confirmed')}
      </ToneMark>
    );
  }
  const words = confidenceWords(confidence);
  return (
    <ToneMark tone={words.tone}>
      {t(words.title)}
      {confidence === null ? '' : ` ${showShare(confidence)}`}
    </ToneMark>
  );
}
