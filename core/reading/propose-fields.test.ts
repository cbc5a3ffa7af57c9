import { describe, expect, it } from 'vitest';
import { proposalSchema } from '../contract/reading.ts';
import { officialHead, pageOf, redMark, type FixtureLine } from './page-of.fixture.ts';
import { proposeFields } from './propose-fields.ts';

const context = { today: '2026-11-21', ownAgencyNames: ['Ủy ban nhân dân xã Hòa Thịnh'] };
const propose = (lines: readonly FixtureLine[]) =>
  proposalSchema.parse(proposeFields(pageOf(lines), context));

/** The head with the lines that hold `has` replaced by another text (or left out). */
const changed = (has: string, text: string | undefined) =>
  officialHead.flatMap((line) =>
    line.text.includes(has) ? (text === undefined ? [] : [{ ...line, text }]) : [line],
  );

describe('the head of a công văn', () => {
  it('gives every field of its cells', () => {
    const proposal = propose(officialHead);
    expect({
      number: proposal.docNumber?.value,
      notation: proposal.docNotation?.value,
      date: proposal.docDate?.value,
      issuer: proposal.issuer?.value,
      type: proposal.typeId?.value,
      subject: proposal.subject?.value,
      urgency: proposal.urgency?.value,
      secrecy: proposal.secrecy?.value,
      recipient: proposal.recipientMatches?.value,
    }).toEqual({
      number: '1287',
      notation: 'SNV-CCHC',
      date: '2026-11-19',
      issuer: 'SỞ NỘI VỤ',
      type: 18,
      subject: 'V/v rà soát việc đăng ký, số hóa văn bản đến tại các xã',
      urgency: 'thuong',
      secrecy: 'thuong',
      recipient: true,
    });
    expect(proposal.docNumber?.box?.page).toBe(0);
    expect(proposal.docNumber?.box?.y).toBeCloseTo(0.135, 2);
  });

  it('reads the columns apart although the reader ran them together', () => {
    const merged = [
      ...changed('UBND TỈNH', undefined).filter(({ text }) => !text.startsWith('CỘNG')),
      { x: 0.17, y: 0.075, text: 'UBND TỈNH AN LẠC' },
      { x: 0.5, y: 0.075, text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM' },
    ];
    expect(propose(merged).issuer?.value).toBe('SỞ NỘI VỤ');
  });

  it('asks “gửi sai nơi nhận?” only when other names are listed', () => {
    expect(
      propose(changed('Kính gửi', 'Kính gửi: Ủy ban nhân dân xã Phước Lộc.')).recipientMatches?.value,
    ).toBe(false);
    expect(
      propose(changed('Kính gửi', 'Kính gửi: Ủy ban nhân dân các xã, phường.')).recipientMatches,
    ).toBeNull();
  });

  it('trusts a doubtful word less', () => {
    const faint = officialHead.map((line) =>
      line.text.startsWith('Số:') ? { ...line, confidence: 0.6 } : line,
    );
    expect(propose(faint).docNumber?.confidence).toBeLessThan(0.5);
    expect(propose(officialHead).docNumber?.confidence).toBeGreaterThan(0.85);
  });

  it('leaves a field empty rather than guessing', () => {
    const empty = proposalSchema.parse(proposeFields(pageOf([]), context));
    expect([
      empty.docNumber,
      empty.docNotation,
      empty.docDate,
      empty.issuer,
      empty.typeId,
      empty.subject,
    ]).toEqual([null, null, null, null, null, null]);
  });
});

describe('the head of a document with a type name', () => {
  const decision: FixtureLine[] = [
    { x: 0.18, y: 0.075, text: 'ỦY BAN NHÂN DÂN' },
    { x: 0.46, y: 0.075, text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM' },
    { x: 0.21, y: 0.095, text: 'TÍNH AN LẠC' },
    { x: 0.54, y: 0.098, text: 'Độc lập - Tự do - Hạnh phúc' },
    { x: 0.2, y: 0.135, text: 'Số: 872/QĐ-UBND' },
    { x: 0.55, y: 0.135, text: 'An Lạc, ngày 16 tháng 11 năm 2026' },
    { x: 0.46, y: 0.18, text: 'QUYẾT ĐỊNH' },
    { x: 0.24, y: 0.202, text: 'Về việc ban hành Kế hoạch kiểm tra công tác văn thư,' },
    { x: 0.34, y: 0.224, text: 'lưu trữ tại các xã, phường' },
    { x: 0.31, y: 0.265, text: 'CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN LẠC' },
    { x: 0.2, y: 0.29, text: 'Căn cứ Luật Tổ chức chính quyền địa phương;' },
    { x: 0.46, y: 0.36, text: 'QUYẾT ĐỊNH:' },
  ];

  it('joins a committee with its place, its marks mended with less trust', () => {
    const proposal = propose(decision);
    expect(proposal.issuer?.value).toBe('ỦY BAN NHÂN DÂN TỈNH AN LẠC');
    expect(proposal.issuer?.confidence).toBeLessThan(0.9);
  });

  it('takes the type from its title and the subject up to the next cell', () => {
    const proposal = propose(decision);
    expect(proposal.typeId?.value).toBe(2);
    expect(proposal.subject?.value).toBe(
      'Về việc ban hành Kế hoạch kiểm tra công tác văn thư, lưu trữ tại các xã, phường',
    );
  });

  it('doubts a title that its notation contradicts', () => {
    const other = decision.map((line) =>
      line.text.startsWith('Số') ? { ...line, text: 'Số: 872/TB-UBND' } : line,
    );
    expect(propose(decision).typeId?.confidence).toBeGreaterThan(0.9);
    expect(propose(other).typeId?.confidence).toBeLessThan(0.6);
  });

  it('spells an agency as the agency list does', () => {
    const known = proposeFields(pageOf(decision), {
      ...context,
      knownAgencies: ['Ủy ban nhân dân tỉnh An Lạc'],
    });
    expect(known.issuer?.value).toBe('Ủy ban nhân dân tỉnh An Lạc');
  });
});

it('proposes urgency from a red mark', () => {
  const page = pageOf(officialHead, { redMarks: [redMark('HÓA TỐC')] });
  expect(proposeFields(page, context).urgency).toMatchObject({ value: 'hoa-toc', confidence: 0.95 });
});
