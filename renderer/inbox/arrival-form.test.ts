import { describe, expect, test } from 'vitest';
import { arrivalFieldsSchema } from '../../core/contract/intake.ts';
import { sampleIntake } from '../testing/sample-documents.ts';
import { formFrom, intakeTitle, problemsOf, proposedFor, toArrivalFields } from './arrival-form.ts';

const { proposal } = sampleIntake();

describe('the form of a received file', () => {
  test('starts with what was read and with today as the date of arrival', () => {
    const form = formFrom(proposal, '2026-11-21');
    expect(form).toMatchObject({
      docNumber: '1045',
      docNotation: 'UBND-KTTH',
      docDate: '2026-11-19',
      typeName: 'Công văn',
      arrivalDate: '2026-11-21',
      urgency: 'thuong',
    });
    expect(problemsOf(form)).toEqual({});
  });

  test('is empty and complains of the required columns when nothing was read', () => {
    const form = formFrom(null, '2026-11-21');
    expect(Object.keys(problemsOf(form)).sort()).toEqual(['issuer', 'subject', 'typeName']);
  });

  test('does not let a document be dated after its arrival', () => {
    const form = { ...formFrom(proposal, '2026-11-21'), docDate: '2026-11-22' };
    expect(problemsOf(form)).toEqual({ docDate: 'form.date-after-arrival' });
  });

  test('becomes fields that the contract takes, trimmed and without the date of arrival', () => {
    const form = { ...formFrom(proposal, '2026-11-21'), issuer: ' Sở Nội vụ ' };
    const fields = toArrivalFields(form);
    expect(arrivalFieldsSchema.parse(fields)).toEqual(fields);
    expect(fields.issuer).toBe('Sở Nội vụ');
    expect(fields).not.toHaveProperty('arrivalDate');
  });

  test('knows the place of a field on the page', () => {
    expect(proposedFor(proposal, 'docNumber')?.box?.page).toBe(0);
    expect(proposedFor(null, 'docNumber')).toBeNull();
  });
});

test('a file is named by its number and notation once they were read', () => {
  expect(intakeTitle(sampleIntake())).toBe('1045/UBND-KTTH');
  expect(intakeTitle(sampleIntake({ proposal: null }))).toBeNull();
});
