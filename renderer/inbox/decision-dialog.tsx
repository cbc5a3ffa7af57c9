import type { IntakeItem } from '../../core/contract/intake.ts';
import { isSigningRisk } from '../../core/contract/verification-concerns.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { reasonsOf } from '../verification/reasons.ts';
import { adviceWords } from '../verification/verdict-words.ts';

interface Props {
  readonly item: IntakeItem;
  readonly onClose: () => void;
  readonly onDecided: (reason: string) => void;
}

/** Says what stands against entering (and signing) a file as a matter of course, and asks why it is entered all the same. */
export function DecisionDialog({ item, onClose, onDecided }: Props) {
  const t = useMessages();
  const say = useSaid();
  const risks = item.warnings.filter(({ code }) => isSigningRisk(code));
  const reasons = item.verification ? reasonsOf(item.verification, say) : [];
  const sentences = [...risks.map(say), ...reasons];
  return (
    <ReasonDialog
      title={t(item.origin === 'paper' ? 'decision.title-signing' : 'decision.title')}
      confirmLabel={t(item.origin === 'paper' ? 'inbox.accept-paper' : 'inbox.accept-electronic')}
      onClose={onClose}
      onConfirm={async (reason) => onDecided(reason)}
    >
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p style={{ margin: 0 }}>
        {item.verification ? t(adviceWords[item.verification.advice]) : t('decision.text-signing')}
      </p>
    </ReasonDialog>
  );
}
