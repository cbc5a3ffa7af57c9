import type { z } from 'zod';
import type { candidateSchema } from '../../core/contract/intake.ts';
import { showFileName } from '../format/file-name.ts';
import { showBytes } from '../format/number.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';

type Candidate = z.infer<typeof candidateSchema>;

const words: Record<Candidate['state'], MessageKey> = {
  settling: 'candidate.settling',
  incomplete: 'candidate.incomplete',
  empty: 'candidate.empty',
  unreadable: 'candidate.unreadable',
  'held-elsewhere': 'candidate.held-elsewhere',
};

/** Files seen in a watched folder that are not whole yet. */
export function Candidates({ candidates }: { readonly candidates: readonly Candidate[] }) {
  const t = useMessages();
  const say = useSaid();
  if (candidates.length === 0) return null;
  return (
    <div className="inbox-candidates">
      {candidates.map((candidate) => (
        <div key={candidate.path} className="isolated-text" title={candidate.path}>
          <div className="clip">
            {t(words[candidate.state])}: {showFileName(candidate.name)} ({showBytes(candidate.bytes)})
          </div>
          {candidate.error && <div className="inbox-candidate-why">{say(candidate.error)}</div>}
        </div>
      ))}
    </div>
  );
}
