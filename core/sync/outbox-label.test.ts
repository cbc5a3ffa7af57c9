import { expect, it } from 'vitest';
import type { outboxLabels } from '../contract/outbox-labels.ts';
import { sentenceFor, sentenceOf } from '../contract/sentences.ts';
import { statusCodes, statusMeaning } from './edxml/types.ts';
import { saidLabel } from './outbox-label.ts';

const record = {
  register: { year: 2026 },
  arrivalNumber: 12,
  arrivalSuffix: 'a',
  codeNumber: '45',
  codeNotation: 'UBND-VX',
  subject: 'kế hoạch',
};

it('an operation is named in the language of the window, from what is to be sent', () => {
  const label = 'Số đến 12a/2026: 45/UBND-VX';
  const said = saidLabel({ kind: 'arrival-record', label, body: JSON.stringify(record) });
  expect(sentenceOf(said, 'vi')).toBe(label);
  expect(sentenceOf(said, 'en')).toBe('Arrival number 12a/2026: 45/UBND-VX');
});

it.each(statusCodes)('status %s is named as the stored label names it, and in English', (statusCode) => {
  const label = `${statusCode} ${statusMeaning[statusCode]}: 45/UBND-VX`;
  const body = JSON.stringify({ status: { statusCode, responseFor: { code: '45/UBND-VX' } } });
  const said = saidLabel({ kind: 'edxml-status', label, body });
  expect(sentenceFor(said.code as keyof typeof outboxLabels, said.detail)).toBe(label);
  expect(sentenceOf(said, 'en')).toMatch(new RegExp(`^${statusCode} [A-Z][a-z ]+: 45/UBND-VX$`));
});

it.each(['', '{}', 'null', '{"status":{"statusCode":"99","responseFor":{"code":"x"}}}'])(
  'what cannot be read of it (%s) leaves the label as it is stored',
  (body) => {
    for (const kind of ['arrival-record', 'edxml-status'] as const)
      expect(sentenceOf(saidLabel({ kind, label: 'Nhãn cũ', body }), 'en')).toBe('Nhãn cũ');
  },
);
