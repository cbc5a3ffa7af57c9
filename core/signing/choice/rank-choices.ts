import type { CertificateAssessment, CertificateChoice } from '../../contract/certificate-choice.ts';

const fits: readonly CertificateAssessment['fit'][] = ['right', 'unsure', 'wrong'];
const lives: readonly CertificateAssessment['validity'][] = ['in-force', 'ends-soon', 'not-yet', 'expired'];
const chains: readonly CertificateAssessment['chain'][] = [
  'reaches-anchor',
  'reaches-sample',
  'no-anchors',
  'incomplete',
  'broken',
];
const classes: readonly CertificateAssessment['class'][] = ['official', 'public', 'unknown'];

/** Lower is better, compared one after the other. */
function ranks({ assessment, tokenKind }: CertificateChoice): readonly number[] {
  // A token that hides its certificate may hold the right one: behind those that are known, before those that may not sign.
  if (!assessment) return [0, fits.length, 0, 0, 0, 0, 0];
  return [
    assessment.obstacle ? 1 : 0,
    fits.indexOf(assessment.fit),
    // A file is for tests; with a token beside it nobody should have to look twice.
    tokenKind === 'soft' ? 1 : 0,
    lives.indexOf(assessment.validity),
    chains.indexOf(assessment.chain),
    classes.indexOf(assessment.class),
    -assessment.daysLeft,
  ];
}

/** Keys in the order in which they should be offered: the fittest first, what may not be used last. */
export function rankChoices(choices: readonly CertificateChoice[]): CertificateChoice[] {
  const ranked = choices.map((choice) => ({ choice, rank: ranks(choice) }));
  return ranked
    .toSorted((a, b) => compare(a.rank, b.rank) || a.choice.keyUri.localeCompare(b.choice.keyUri))
    .map(({ choice }) => choice);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
