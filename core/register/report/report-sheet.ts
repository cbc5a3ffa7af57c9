import type { ArrivalReport } from '../../contract/register-book.ts';
import { SheetWriter } from '../../print/sheet-writer.ts';
import { shownDay } from '../../shared/clock.ts';
import { notRecordedWord, reportParts, reportScope, reportTitle } from './report-parts.ts';

/** The report as a printed sheet, a draft for the office's own report: it bears no number and no signature. */
export async function buildReportSheet(report: ArrivalReport, software: string): Promise<Uint8Array> {
  const madeAt = new Date(report.madeAt);
  const sheet = await SheetWriter.open({ title: reportTitle(report), software, madeAt });
  sheet.paragraph(report.agency.toLocaleUpperCase('vi'), { style: 'bold', size: 12 });
  sheet.paragraph(reportTitle(report).toLocaleUpperCase('vi'), {
    style: 'bold',
    size: 14,
    align: 'centre',
    space: 14,
  });
  sheet.paragraph(reportScope(report), { size: 12, align: 'centre' });
  for (const [index, { title, rows }] of reportParts(report).entries()) {
    sheet.paragraph(`${index + 1}. ${title}`, { style: 'bold', size: 12, space: 8 });
    for (const [label, count] of rows) sheet.figure(label, String(count ?? notRecordedWord), 14);
  }
  sheet.paragraph('Không ghi nhận trong sổ', { style: 'bold', size: 12, space: 8 });
  for (const line of report.notRecorded) sheet.paragraph(`– ${line}.`, { size: 12, indent: 14 });
  sheet.rule();
  sheet.paragraph(`Lập ngày ${shownDay(report.madeAt)} bằng ${software}.`, { size: 11 });
  return await sheet.save();
}
