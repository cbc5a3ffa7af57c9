import type { ClerkAdvice, FileReport, SignatureReport } from '../../contract/verification.ts';
import { verdictTitle } from '../verdict-words.ts';
import { describeChange, showTime } from '../report-lines.ts';
import { showOutsideText } from '../../shared/outside-text.ts';
import { SheetWriter } from '../../print/sheet-writer.ts';

const adviceWords: Readonly<Record<ClerkAdvice, string>> = {
  register: 'Được tiếp nhận, đăng ký.',
  provisional: 'Được tiếp nhận tạm; kiểm tra lại trạng thái thu hồi khi có mạng.',
  decide: 'Văn thư quyết định và ghi lại lý do.',
  ask: 'Hỏi lại nơi gửi.',
  return: 'Trả lại nơi gửi.',
  'as-paper': 'Chỉ có giá trị tham khảo cho đến khi nhận bản giấy hoặc bản ký số.',
};

const indicationWords = {
  TOTAL_PASSED: 'Hợp lệ',
  INDETERMINATE: 'Không xác định',
  TOTAL_FAILED: 'Không hợp lệ',
} as const;

const purposeWords = {
  agency: 'Chữ ký số của cơ quan, tổ chức',
  person: 'Chữ ký số của cá nhân',
  timestamp: 'Dấu thời gian của tài liệu',
  unknown: 'Chữ ký số',
} as const;

const classWords = {
  official: 'chuyên dùng công vụ',
  public: 'công cộng',
  unknown: 'chưa xác định',
} as const;

const timeWords = {
  timestamp: 'theo dấu thời gian',
  register: 'theo thời điểm tiếp nhận trong sổ',
  claimed: 'do máy người ký khai báo',
} as const;

const coverageWords = {
  'whole-file': 'toàn bộ tệp',
  revision: 'toàn bộ tệp vào lúc ký',
  partial: 'không bao trùm văn bản',
} as const;

const revocationWords = {
  good: 'chưa bị thu hồi',
  revoked: 'đã bị thu hồi',
  unknown: 'chưa kiểm tra được',
} as const;

const sourceWords = {
  embedded: 'dữ liệu trong tệp',
  fetched: 'hỏi cơ quan chứng thực',
  given: 'danh sách do người kiểm tra cung cấp',
  none: 'không có dữ liệu',
} as const;

function writeSignature(sheet: SheetWriter, report: SignatureReport, number: number): void {
  const { signer } = report;
  sheet.rule();
  sheet.paragraph(`${number}. ${purposeWords[report.purpose]} – ${showOutsideText(report.field)}`, {
    style: 'bold',
    space: 4,
  });
  const sub = report.subIndication ? ` / ${report.subIndication}` : '';
  sheet.entry('Kết luận', `${indicationWords[report.indication]} (${report.indication}${sub})`);
  for (const { text, code } of report.messages)
    sheet.paragraph(`– ${text} [${code}]`, { size: 11, indent: 14 });
  if (signer) {
    const organization = signer.organization ? `; ${signer.organization}` : '';
    sheet.entry('Người ký', `${signer.name}${signer.title ? `, ${signer.title}` : ''}${organization}`);
    sheet.entry(
      'Chứng thư',
      `số ${signer.serial}; do ${signer.issuer} cấp; hiệu lực từ ${showTime(signer.notBefore)} đến ${showTime(signer.notAfter)}; loại: ${classWords[signer.class]}; SHA-256 ${signer.fingerprint}`,
    );
  }
  const source = report.timeSource ? ` (${timeWords[report.timeSource]})` : '';
  sheet.entry('Thời điểm ký', `${showTime(report.bestSignatureTime)}${source}`);
  for (const { time, authority, ok } of report.timestamps)
    sheet.paragraph(`– Dấu thời gian: ${showTime(time)}, ${authority || 'không rõ'}: ${ok ? 'dùng được' : 'không dùng được'}`, { size: 11, indent: 14 }); // prettier-ignore
  sheet.entry(
    'Trạng thái thu hồi',
    `${revocationWords[report.revocation]} (${sourceWords[report.revocationSource]})`,
  );
  const integrity =
    report.integrity === null ? 'không tính được' : report.integrity ? 'nguyên vẹn' : 'không khớp';
  sheet.entry('Nội dung được ký', `${integrity}; phạm vi: ${coverageWords[report.coverage]}`);
  sheet.entry(
    'Kỹ thuật',
    [report.subFilter, report.level, report.digest, report.scheme].filter(Boolean).join(' · '),
  );
  if (report.changes.length > 0) {
    sheet.entry('Thêm vào sau khi ký', report.later === 'permitted' ? 'được phép' : 'không được phép');
    for (const change of report.changes)
      sheet.paragraph(`– ${describeChange(change)}`, { size: 11, indent: 14 });
  }
}

/** Who checked, when and with what; printed at the sheet's end (NĐ 23/2025 Đ17 as told in domain/vietnam.md §3.2). */
export interface SheetContext {
  readonly checkedAt: Date;
  readonly software: string;
}

/** The printable "Phiếu kiểm tra chữ ký số" of the files judged, one after another, as a PDF. */
export async function buildVerificationSheet(
  files: readonly FileReport[],
  { checkedAt, software }: SheetContext,
): Promise<Uint8Array> {
  const sheet = await SheetWriter.open({
    title: 'Phiếu kiểm tra chữ ký số',
    software,
    madeAt: checkedAt,
  });
  sheet.paragraph('PHIẾU KIỂM TRA CHỮ KÝ SỐ', { style: 'bold', size: 16, align: 'centre' });
  for (const file of files) {
    sheet.entry('Tệp', file.input);
    sheet.entry('SHA-256', file.sha256 ?? 'không đọc được tệp');
    sheet.entry('Kết luận chung', verdictTitle(file).toLocaleUpperCase('vi'));
    sheet.entry('Hướng xử lý', adviceWords[file.advice]);
    for (const { text, code } of file.messages)
      sheet.paragraph(`– ${text} [${code}]`, { size: 11, indent: 14 });
    if (file.error) sheet.paragraph(`– ${file.error.message} [${file.error.code}]`, { size: 11, indent: 14 });
    file.signatures.forEach((report, index) => writeSignature(sheet, report, index + 1));
    sheet.rule();
  }
  sheet.entry('Thời điểm kiểm tra', showTime(checkedAt.toISOString()));
  sheet.entry('Phần mềm', software);
  return await sheet.save();
}
