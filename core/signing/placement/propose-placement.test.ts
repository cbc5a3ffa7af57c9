import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageText } from '../../ports/page-reader.ts';
import { pageOf, type FixtureLine } from '../../reading/page-of.fixture.ts';
import { proposePlacement, type PlacementProposal } from './propose-placement.ts';
import { isTitle, looksLikeName, nameScore } from './signer-name.ts';

let dir: string;
let pdfPath: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-propose-'));
  pdfPath = join(dir, 'a4.pdf');
  const document = await PDFDocument.create();
  document.addPage([595.28, 841.89]);
  document.addPage([595.28, 841.89]);
  await writeFile(pdfPath, await document.save());
});

afterAll(() => rm(dir, { recursive: true, force: true }));

const body: readonly FixtureLine[] = [
  { x: 0.15, y: 0.2, text: 'CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN LẠC' },
  { x: 0.15, y: 0.3, text: 'Giao ông Trần Văn Tuý theo dõi, đôn đốc việc thực hiện Quyết định này./.' },
  { x: 0.15, y: 0.6, text: 'Nơi nhận:' },
  { x: 0.15, y: 0.62, text: '- Như Điều 3;' },
];
const foot = (title: string, name: string): FixtureLine[] => [
  ...body,
  { x: 0.62, y: 0.6, text: 'TM. ỦY BAN NHÂN DÂN' },
  { x: 0.66, y: 0.62, text: title },
  { x: 0.65, y: 0.74, text: name },
];

function propose(
  lines: readonly FixtureLine[],
  signerName?: string,
  more: readonly PageText[] = [],
): PlacementProposal {
  const pageTexts = [...more, pageOf(lines, { fraction: 1 })];
  return proposePlacement({ pdfPath, pageTexts, signerName, look: 'leader' });
}

describe('the place between title and name', () => {
  test('is proposed with the name as the certificate spells it', () => {
    const proposal = propose(foot('CHỦ TỊCH', 'Trần Văn Túy'), 'Trần Văn Tuý');
    expect(proposal).toMatchObject({ page: 1, reasons: ['name-matched', 'title-above-name'], warnings: [] });
    expect(proposal.confidence).toBeGreaterThan(0.9);
    expect(proposal.box.y).toBeGreaterThan(0.62 * 297);
    expect(proposal.box.y + proposal.box.h).toBeLessThan(0.74 * 297);
    const name = proposal.name!.box;
    const axis = proposal.box.x + proposal.box.w / 2;
    expect(Math.abs(axis - (name.x + name.w / 2))).toBeLessThan(6);
    expect(proposal.sealBox).toMatchObject({ w: 36, h: 36 });
    expect(proposal.sealBox.x + 36).toBeLessThan(axis);
  });

  test.each([
    ['Tran Van Tuy', 'Trần Văn Túy'],
    ['Trần Văn Tũy', 'Trần Văn Túy'],
    ['Trẩn Vãn Túỵ', 'Trần Văn Túy'],
    ['Trần Vàn Tny', 'Trần Văn Túy'],
    ['TRẦN VĂN TÚY', 'Trần Văn Túy'],
    ['Thượng tá Trần Văn Túy', 'Trần Văn Túy'],
    ['TS. Lý Thị Mỹ Kỳ', 'Lí Thị Mĩ Kì'],
    ['Trần VănTúy', 'Trần Văn Túy'],
  ])('is found when %j was read for %j', (read, signer) => {
    const proposal = propose(foot('CHÙ TỊCH', read), signer);
    expect(proposal.reasons).toContain('title-above-name');
    expect(proposal.name?.text).toBe(read);
    expect(proposal.warnings).toEqual([]);
  });

  test('is proposed with little confidence when somebody else signs there', () => {
    const proposal = propose(foot('CHỦ TỊCH', 'Phạm Minh Hải'), 'Trần Văn Túy');
    expect(proposal.confidence).toBeLessThanOrEqual(0.4);
    expect(proposal.warnings).toMatchObject([{ code: 'signing.signer-name-not-found' }]);
  });

  test('is found without knowing the signer', () => {
    const proposal = propose(foot('PHÓ CHỦ TỊCH', 'Phạm Minh Hải'));
    expect(proposal).toMatchObject({ reasons: ['name-by-its-look', 'title-above-name'], warnings: [] });
  });

  test('of two signers is the one of the given name', () => {
    const joint: FixtureLine[] = [
      ...foot('GIÁM ĐỐC', 'Phạm Minh Hải'),
      { x: 0.36, y: 0.62, text: 'KT. TRƯỞNG BAN' },
      { x: 0.36, y: 0.74, text: 'Đỗ Thị Bích Ngọc' },
    ];
    const axis = (name: string): number => {
      const { box } = propose(joint, name);
      return box.x + box.w / 2;
    };
    expect(axis('Đỗ Thị Bích Ngọc')).toBeLessThan(110);
    expect(axis('Phạm Minh Hải')).toBeGreaterThan(135);
  });

  test('is on the page that has it, when an annex follows', () => {
    const signed = pageOf(foot('CHỦ TỊCH', 'Trần Văn Túy'), { fraction: 1 });
    const annex = { ...pageOf([{ x: 0.3, y: 0.1, text: 'PHỤ LỤC' }], { fraction: 1 }), page: 1 };
    const proposal = proposePlacement({
      pdfPath,
      pageTexts: [signed, annex],
      signerName: 'Trần Văn Túy',
      look: 'leader',
    });
    expect(proposal.page).toBe(1);
  });
});

test('a title alone, and nothing at all, give a place with a warning or less confidence', () => {
  const alone = propose([...body, { x: 0.66, y: 0.62, text: 'CHỦ TỊCH' }]);
  expect(alone).toMatchObject({ reasons: ['title-alone'] });
  expect(alone.confidence).toBeLessThan(0.5);
  const nothing = propose([{ x: 0.15, y: 0.2, text: 'Biểu tổng hợp số liệu' }], 'Trần Văn Túy');
  expect(nothing).toMatchObject({ reasons: ['usual-place'], confidence: 0.1 });
  expect(nothing.warnings).toMatchObject([{ code: 'signing.place-guessed' }]);
});

test('little room between title and name is said', () => {
  const lines = foot('CHỦ TỊCH', 'x').slice(0, -1);
  const proposal = propose([...lines, { x: 0.65, y: 0.65, text: 'Trần Văn Túy' }], 'Trần Văn Túy');
  expect(proposal.warnings).toMatchObject([{ code: 'signing.place-tight' }]);
});

test('names and titles are told from other lines', () => {
  expect(nameScore('Trần Văn Túy', 'Trần Văn Túy')).toBe(1);
  expect(nameScore('Phạm Minh Hải', 'Trần Văn Túy')).toBe(0);
  expect(nameScore('Giao ông Trần Văn Túy theo dõi việc thực hiện', 'Trần Văn Túy')).toBe(0);
  for (const title of ['KT. CHỦ TỊCH', 'PHÓ GIÁM ĐỐC', 'TL. BỘ TRƯỞNG', 'Q. CỤC TRƯỞNG', 'CHÁNH VẢN PHÒNG'])
    expect(isTitle(title), title).toBe(true);
  for (const other of ['Nơi nhận:', 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Trần Văn Túy', 'QUYẾT ĐỊNH'])
    expect(isTitle(other), other).toBe(false);
  for (const name of ['Trần Văn Túy', 'Đại tá Lê Nam', 'PGS.TS. Võ Thị Sáu'])
    expect(looksLikeName(name), name).toBe(true);
  for (const other of ['Nơi nhận:', 'Lưu: VT', 'Điều 3', 'Chủ tịch', 'KT. CHỦ TỊCH'])
    expect(looksLikeName(other), other).toBe(false);
});
