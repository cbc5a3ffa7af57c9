import { describe, expect, test } from 'vitest';
import { chordMatches, isSafeChord, type KeyPress } from './chord.ts';

const press = (change: Partial<KeyPress>): KeyPress => ({
  key: '',
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...change,
});

describe('a chord', () => {
  test('matches its keys and no others', () => {
    expect(chordMatches('Ctrl+Enter', press({ key: 'Enter', ctrlKey: true }))).toBe(true);
    expect(chordMatches('Ctrl+Enter', press({ key: 'Enter', metaKey: true }))).toBe(true);
    expect(chordMatches('Ctrl+Enter', press({ key: 'Enter' }))).toBe(false);
    expect(chordMatches('Ctrl+Enter', press({ key: 'Enter', ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(chordMatches('F1', press({ key: 'F1' }))).toBe(true);
  });

  test('with a letter or digit is known by its place when Alt changes the character', () => {
    expect(chordMatches('Alt+1', press({ key: '¡', code: 'Digit1', altKey: true }))).toBe(true);
    expect(chordMatches('Ctrl+K', press({ key: 'k', ctrlKey: true }))).toBe(true);
  });

  test('never matches while Telex or VNI is composing', () => {
    expect(chordMatches('Ctrl+Enter', press({ key: 'Enter', ctrlKey: true, isComposing: true }))).toBe(false);
    expect(chordMatches('Ctrl+K', press({ key: 'Process', ctrlKey: true, keyCode: 229 }))).toBe(false);
  });

  test('is never a key that types a letter', () => {
    expect(isSafeChord('Ctrl+K')).toBe(true);
    expect(isSafeChord('Shift+F9')).toBe(true);
    expect(isSafeChord('K')).toBe(false);
    expect(isSafeChord('Shift+K')).toBe(false);
  });
});
