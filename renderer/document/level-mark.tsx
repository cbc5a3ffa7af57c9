import type { DocumentDetail } from '../../core/contract/document.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ToneMark } from '../ui/tone-mark.tsx';

/** The level of the agency's signature, and the one that is still to come. */
export function LevelMark({ level }: { readonly level: NonNullable<DocumentDetail['level']> }) {
  const t = useMessages();
  const { reached, wanted, pending } = level;
  return (
    <ToneMark tone={pending ? 'warn' : 'ok'}>
      {pending
        ? t('document.level-pending', { level: reached, wanted })
        : t('document.level', { level: reached })}
    </ToneMark>
  );
}
