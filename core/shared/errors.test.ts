import { describe, expect, it } from 'vitest';
import { sentenceFor } from '../contract/sentences.ts';
import { AnThuError, asAnThuError, fromErrorValue, toErrorValue } from './errors.ts';

describe('an error', () => {
  it('is told with its facts, in Vietnamese first', () => {
    const error = new AnThuError('store.disk-full', { needed: 200, free: 100 });
    expect(toErrorValue(error).message).toContain('cần 200 byte, còn 100 byte');
    expect(toErrorValue(error, 'en').message).toContain('200 bytes needed, 100 free');
  });

  it('keeps code and facts across a process border', () => {
    const value = toErrorValue(new AnThuError('store.busy', { path: '/dữ-liệu' }));
    const back = fromErrorValue(JSON.parse(JSON.stringify(value)) as typeof value);
    expect([back.code, back.detail]).toEqual(['store.busy', { path: '/dữ-liệu' }]);
  });

  it('of a code that this version does not know is a defect, not a crash', () => {
    expect(fromErrorValue({ code: 'future.code', message: '', detail: {} }).code).toBe('general.defect');
  });

  it('not thrown on purpose is a defect with its cause kept', () => {
    const cause = new TypeError('x is not a function');
    expect(asAnThuError(cause)).toMatchObject({ code: 'general.defect', cause });
    expect(asAnThuError('a string').detail).toEqual({ reason: 'a string' });
  });

  it('shows a missing fact as a question mark', () => {
    expect(sentenceFor('general.defect')).toContain('(?)');
  });
});
