import { adviceText } from '../../core/contract/token-advice.ts';
import type { Advice } from '../../core/contract/token-diagnosis.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Notice } from '../ui/notice.tsx';
import { adviceTone } from './advice-words.ts';

/** What to do, in the window's language. */
export function AdviceNotice({ advice: { code, weight, detail } }: { readonly advice: Advice }) {
  const language = useLanguage();
  return <Notice tone={adviceTone[weight]}>{adviceText(code, detail, language)}</Notice>;
}
