import { describe, expect, it } from 'vitest';
import { defaultPdfLimits } from '../pdf/limits.ts';
import { reason, reasons } from './reasons.ts';
import { errorDefinitions } from '../contract/errors/index.ts';
import { factWords } from '../contract/fact-words.ts';
import { intakeStateSchema } from '../contract/intake.ts';
import { outboxLabels } from '../contract/outbox-labels.ts';
import { reasonWords } from '../contract/reasons.ts';
import { sentenceFor, sentenceOf } from '../contract/sentences.ts';
import { serviceSentences } from '../contract/service-sentences.ts';
import { concernSentence, signingConcerns } from '../contract/verification-concerns.ts';
import { verificationMessages } from '../contract/verification-messages.ts';
import { clerkAdviceSchema, fileVerdictSchema } from '../contract/verification.ts';

const vietnamese = /[ăâđêôơưạảãấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏõốồổỗộớờởỡợụủũứừửữựỳỵỷỹàáèéìíòóùúý]/i;

describe('a sentence in a language', () => {
  it('is the one that was made, in Vietnamese, whatever the table says by now', () => {
    const old = { code: 'token.busy', message: 'Câu của năm ngoái.', detail: { operation: 'C_Sign' } };
    expect(sentenceOf(old, 'vi')).toBe('Câu của năm ngoái.');
  });

  it('is made from code and facts in English', () => {
    const detail = { reason: 'http.no-answer=90000' };
    const message = sentenceFor('signing.tsa-unavailable', detail);
    expect(message).toContain('không trả lời trong 1 phút 30 giây');
    expect(sentenceOf({ code: 'signing.tsa-unavailable', message, detail }, 'en')).toContain(
      '(no answer within 1 minute 30 seconds)',
    );
  });

  it('stays as it was kept where its code is not known or its facts are not there', () => {
    for (const said of [
      { code: 'from.the-future', message: 'Câu mới.', detail: {} },
      { code: 'constructor', message: 'Câu lạ.' },
      { code: 'intake.low-resolution', message: 'Câu cũ, không có số liệu.' },
      { code: 'sync.server-away', message: 'Câu thiếu lý do.', detail: { reason: null } },
    ])
      expect(sentenceOf(said, 'en')).toBe(said.message);
  });

  it('names the pages of what a file holds, where they were kept', () => {
    const vi = concernSentence('concern.javascript', '1, 3', 'vi');
    expect(vi).toBe('Tệp chứa mã chạy tự động (JavaScript), có thể đổi nội dung hiển thị (trang 1, 3).');
    const said = { code: 'concern.javascript', message: vi };
    expect(sentenceOf({ ...said, detail: { pages: '1, 3' } }, 'en')).toMatch(/is shown \(page 1, 3\)\.$/);
    expect(sentenceOf(said, 'en')).toMatch(/is shown\.$/);
  });

  it('holds what was found as a clause of it, and one full stop at its end', () => {
    const detail = {
      reason: reasons([reason('concern.javascript', '2'), reason('concern.hidden-annotation')]),
    };
    const made = sentenceFor('signing.risks-refused', detail);
    expect(made).toContain('hiển thị (trang 2); Trang có chú thích hoặc ô biểu mẫu đang bị ẩn. Chưa ký,');
    const checked = sentenceFor('archive.self-check-failed', { reason: 'verify.issuer-unknown' }, 'en');
    expect(checked).toContain('(The issuer of the certificate is not recognised)');
    const pending = { level: 'B-B', wanted: 'B-T', reason: 'một lý do đã lưu.' };
    expect(sentenceFor('signing.level-pending', pending)).toContain('một lý do đã lưu. Chữ ký');
  });

  it('has words for the closed sets of one error, and takes names for no codes', () => {
    expect(sentenceFor('pdf.damaged', { reason: 'page-tree' })).toContain('(cây trang sai cấu trúc)');
    expect(sentenceFor('pdf.damaged', { reason: 'page-tree' }, 'en')).toContain(
      '(the page tree is malformed)',
    );
    expect(
      sentenceFor('pdf.encryption-unsupported', { reason: reason('encryption.handler', 'A;\u202eB') }),
    ).toContain('(trình mã hóa «A,\u2423B»)');
    expect(sentenceFor('pdf.damaged', { reason: 'constructor' })).toContain('(constructor)');
    expect(sentenceFor('signing.field-not-fillable', { field: 'CA', reason: 'field.no-area' })).toContain(
      'Ô «CA» không điền được (không có vùng hiển thị)',
    );
    expect(sentenceFor('signing.field-exists', { field: 'http.failed=x' })).toContain('«http.failed=x»');
  });
});

describe('the tables of sentences', () => {
  it('hold no Vietnamese in English', () => {
    const tables = [
      errorDefinitions,
      outboxLabels,
      serviceSentences,
      verificationMessages,
      signingConcerns,
      reasonWords,
      ...Object.values(factWords),
    ];
    const foreign = tables
      .flatMap((table) => Object.entries(table as Record<string, { readonly en: string }>))
      .filter(([, { en }]) => vietnamese.test(en.replaceAll('Ấn Thư', '')));
    expect(foreign.map(([code]) => code)).toEqual([]);
  });

  it('share no code, so that a code has one sentence', () => {
    const codes = [
      errorDefinitions,
      outboxLabels,
      serviceSentences,
      verificationMessages,
      signingConcerns,
    ].flatMap((table) => Object.keys(table));
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('have words for every fact of the sets that they close', () => {
    const sets = {
      'archive.self-check-failed': fileVerdictSchema.options,
      'archive.update-check-failed': fileVerdictSchema.options,
      'pdf.limit': Object.keys(defaultPdfLimits),
      'register.decision-needed': clerkAdviceSchema.options,
      'register.not-acceptable': intakeStateSchema.options,
    };
    for (const [code, facts] of Object.entries(sets))
      expect(Object.keys(factWords[code as keyof typeof sets]).toSorted(), code).toEqual(facts.toSorted());
  });
});
