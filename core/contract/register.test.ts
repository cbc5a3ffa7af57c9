import { describe, expect, it } from 'vitest';
import { arrivalFieldsSchema } from './intake.ts';
import { registerProcedures } from './register.ts';

const correct = registerProcedures['register.correct'].input;
const enter = registerProcedures['register.enter'].input;

describe('a correction of an entry', () => {
  it('changes what it names and nothing else: what is left out is no empty receiver and no other urgency', () => {
    const fields = { subject: 'V/v báo cáo quý II' };
    expect(correct.parse({ id: 'a', fields, reason: 'gõ nhầm' }).fields).toEqual(fields);
    const all = {
      urgency: 'khan',
      receiver: '',
      note: 'kèm 2 phụ lục',
      dueDate: null,
      signerName: 'Trần Văn B',
    };
    expect(correct.parse({ id: 'a', fields: all, reason: 'gõ nhầm' }).fields).toEqual(all);
  });
});

describe('a day in the register', () => {
  const fields = arrivalFieldsSchema.parse({
    issuer: 'Sở Nội vụ',
    docNumber: '5',
    docNotation: 'SNV',
    docDate: '2028-02-29',
    typeName: 'Công văn',
    subject: 'V/v kiểm tra',
  });

  it.each(['2026-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '0000-01-01', '1926-03-02'])(
    'is never %s, which no calendar of the office has',
    (day) => {
      expect(enter.safeParse({ fields, arrivalDate: day }).success).toBe(false);
    },
  );

  it('may be the last one of a leap February', () => {
    expect(enter.safeParse({ fields, arrivalDate: '2028-02-29' }).success).toBe(true);
    expect(arrivalFieldsSchema.safeParse({ ...fields, docDate: '2027-02-29' }).success).toBe(false);
  });
});
