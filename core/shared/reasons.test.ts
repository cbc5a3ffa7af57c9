import { describe, expect, it } from 'vitest';
import { reasonWords } from '../contract/reasons.ts';
import { reasonsInWords, sentenceFor } from '../contract/sentences.ts';
import { reason, reasons } from './reasons.ts';

describe('a coded reason', () => {
  it('stands in the sentence in the words of its language', () => {
    const detail = { reason: reason('tsa.other-nonce') };
    expect(sentenceFor('signing.tsa-refused', detail)).toContain(
      '(trả lời cho một yêu cầu khác (nonce không khớp))',
    );
    expect(sentenceFor('signing.tsa-refused', detail, 'en')).toContain('(the answer is to another request');
  });

  it('keeps its value, and several stand one behind another, each once', () => {
    const all = reasons([
      reason('http.status', 503),
      reason('http.no-answer', 200),
      reason('http.status', 503),
    ]);
    expect(all).toBe('http.status=503; http.no-answer=200');
    expect(reasonsInWords(all, 'vi')).toBe('máy chủ báo lỗi HTTP 503; không trả lời trong 1 giây');
  });

  it('takes a value from outside as text, whatever it holds', () => {
    const said = reason('tsa.said', 'no; http.too-large; $& {value}\u202e');
    expect(reasonsInWords(said, 'en')).toBe('the server says “no, http.too-large, $& {value}\u2423”');
    expect(reason('tsa.said', 'x'.repeat(5000)).length).toBeLessThan(300);
  });

  it('that is none is left as it is', () => {
    for (const text of ['', 'ENOSPC', 'constructor.name', 'tsa.unheard-of=1', 'một câu; của người khác.'])
      expect(reasonsInWords(text, 'vi')).toBe(text);
  });

  it('has words in both languages, with the value in both or in neither', () => {
    for (const [code, { vi, en }] of Object.entries(reasonWords)) {
      expect(vi, code).not.toBe(en);
      expect(vi.includes('{value}'), code).toBe(en.includes('{value}'));
    }
  });
});
