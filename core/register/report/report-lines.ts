import type { ArrivalReport } from '../../contract/register-book.ts';
import { notRecordedWord, reportParts, reportScope, reportTitle } from './report-parts.ts';

/** The report as lines for people. */
export function reportLines(report: ArrivalReport): string[] {
  return [
    reportTitle(report),
    report.agency,
    reportScope(report),
    ...reportParts(report).flatMap(({ title, rows }) => [
      '',
      `${title}:`,
      ...rows.map(([label, count]) => `  ${label}: ${count ?? notRecordedWord}`),
    ]),
    '',
    'Không ghi nhận trong sổ:',
    ...report.notRecorded.map((line) => `  ${line}.`),
  ];
}
