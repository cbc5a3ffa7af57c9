import { describe, expect, test } from 'vitest';
import { sampleIntake } from '../testing/sample-documents.ts';
import { confidenceWords } from './confidence.ts';
import { acceptsField } from './field-keys.ts';
import { arrangeInbox, mayBeShown } from './intake-words.ts';

describe('confidence', () => {
  test('is told by a word in three steps, and a missing value by its own', () => {
    expect([0.97, 0.9, 0.89, 0.6, 0.59, null].map((confidence) => confidenceWords(confidence).title)).toEqual(
      [
        'confidence.sure',
        'confidence.sure',
        'confidence.likely',
        'confidence.likely',
        'confidence.guess',
        'confidence.none',
      ],
    );
  });
});

describe('Enter in a field', () => {
  const press = {
    key: 'Enter',
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    isComposing: false,
    keyCode: 13,
  };
  test('accepts it', () => expect(acceptsField(press)).toBe(true));
  test('belongs to the text while Telex or VNI is composing', () => {
    expect(acceptsField({ ...press, isComposing: true })).toBe(false);
    expect(acceptsField({ ...press, keyCode: 229 })).toBe(false);
  });
  test('with Shift or Ctrl means something else', () => {
    expect(acceptsField({ ...press, shiftKey: true })).toBe(false);
    expect(acceptsField({ ...press, ctrlKey: true })).toBe(false);
  });
});

describe('the list of received files', () => {
  const at = (id: string, receivedAt: string, state: Parameters<typeof sampleIntake>[0] = {}) =>
    sampleIntake({ id, receivedAt, ...state });
  const items = [
    at('late', '2026-11-21T09:00:00+07:00'),
    at('virus', '2026-11-21T08:00:00+07:00', { state: 'quarantined' }),
    at('early', '2026-11-21T08:30:00+07:00'),
    at('done', '2026-11-21T07:00:00+07:00', { state: 'accepted' }),
  ];
  test('puts what can be registered first and in order of receipt, what is refused last', () => {
    expect(arrangeInbox(items, 'open').map((item) => item.id)).toEqual(['early', 'late', 'virus']);
  });
  test('keeps what is done apart', () => {
    expect(arrangeInbox(items, 'done').map((item) => item.id)).toEqual(['done']);
  });
  test('never shows pages of a quarantined or unchecked file', () => {
    expect(mayBeShown(sampleIntake({ state: 'quarantined' }))).toBe(false);
    expect(mayBeShown(sampleIntake({ state: 'held' }))).toBe(false);
    expect(mayBeShown(sampleIntake())).toBe(true);
  });
});
