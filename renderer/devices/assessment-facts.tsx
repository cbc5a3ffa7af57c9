import type { ReactNode } from 'react';
import type { CertificateAssessment } from '../../core/contract/certificate-choice.ts';
import type { Translate } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import { chainWords, classWords, ownerSourceWords, ownerWords } from './assessment-words.ts';

/** Whose certificate it is, its class and where its chain leads, as rows of {@link Facts}. */
export function assessmentRows(
  assessment: CertificateAssessment,
  t: Translate,
): (readonly [string, ReactNode])[] {
  const source = ownerSourceWords[assessment.ownerSource];
  const [classTone, classTitle] = classWords[assessment.class];
  const [chainTone, chainTitle] = chainWords[assessment.chain];
  return [
    [
      t('certificate.owner'),
      [t(ownerWords[assessment.owner]), source && `(${t(source)})`].filter(Boolean).join(' '),
    ],
    [
      t('certificate.class'),
      <ToneMark key="class" tone={classTone}>
        {t(classTitle)}
      </ToneMark>,
    ],
    [
      t('certificate.chain'),
      <ToneMark key="chain" tone={chainTone}>
        {t(chainTitle)}
      </ToneMark>,
    ],
  ];
}

/** The same by itself, with the reason why it may not seal. */
export function AssessmentFacts({ assessment }: { readonly assessment: CertificateAssessment }) {
  const t = useMessages();
  const say = useSaid();
  return (
    <>
      <Facts rows={assessmentRows(assessment, t)} />
      {assessment.obstacle && <Notice tone="warn">{say(assessment.obstacle)}</Notice>}
    </>
  );
}
