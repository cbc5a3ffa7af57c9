import { NativeSelect } from '@mantine/core';
import type { CertificateChoice } from '../../core/contract/certificate-choice.ts';
import { AssessmentFacts } from '../devices/assessment-facts.tsx';
import { classWords } from '../devices/assessment-words.ts';
import { validityWords } from '../devices/validity-words.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { now } from '../format/date.ts';
import type { Translate } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { useSigningKey } from '../token/use-signing-key.ts';
import { Notice } from '../ui/notice.tsx';

interface Props {
  /** Empty when none is chosen. */
  readonly keyUri: string;
  readonly onChange: (keyUri: string) => void;
}

/** The agency's signing key: only what can sign as the agency is offered, the fittest first; the rest is told with its reason. */
export function KeyChoice({ keyUri: named, onChange }: Props) {
  const t = useMessages();
  const say = useSaid();
  const signing = useSigningKey();
  // The administrator may have named it in another way than it is listed.
  const keyUri = signing?.uri === named && 'key' in signing ? signing.key.uri : named;
  const choices = useProcedure('token.choices', { purpose: 'agency' }).data?.choices ?? [];
  const offered = choices.filter((choice) => !choice.assessment?.obstacle);
  const stopped = choices.filter((choice) => choice.assessment?.obstacle);
  const chosen = choices.find((choice) => choice.keyUri === keyUri);
  const missing = keyUri !== '' && !offered.some((choice) => choice.keyUri === keyUri);
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('settings.signing-key')}
        value={keyUri}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={[
          { value: '', label: t('settings.no-key') },
          ...(missing
            ? [
                {
                  value: keyUri,
                  label: chosen ? nameOf(chosen, t) : t('settings.key-absent', { uri: keyUri }),
                },
              ]
            : []),
          ...offered.map((choice) => ({ value: choice.keyUri, label: nameOf(choice, t) })),
        ]}
      />
      {chosen?.assessment && <AssessmentFacts assessment={chosen.assessment} />}
      {stopped
        .filter((choice) => choice !== chosen)
        .map((choice) => (
          <Notice
            key={choice.keyUri}
            tone="info"
            title={t('settings.key-stopped', { name: plainName(choice) })}
          >
            {choice.assessment?.obstacle && say(choice.assessment.obstacle)}
          </Notice>
        ))}
    </>
  );
}

function plainName({ rememberedName, certificate, keyLabel, tokenLabel }: CertificateChoice): string {
  return `${rememberedName ?? (certificate?.commonName || keyLabel)} – ${tokenLabel}`;
}

/** Name, then what speaks for or against it. */
function nameOf(choice: CertificateChoice, t: Translate): string {
  const { assessment, certificate } = choice;
  const life = certificate && validityWords(certificate, now());
  const words = [
    plainName(choice),
    assessment && assessment.class !== 'unknown' ? t(classWords[assessment.class][1]) : '',
    life && life.tone !== 'ok' ? t(life.title, { n: life.days }) : '',
  ];
  return words.filter(Boolean).join(' · ');
}
