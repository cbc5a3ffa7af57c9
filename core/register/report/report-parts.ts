import type { ArrivalReport } from '../../contract/register-book.ts';
import { shownDate } from '../../shared/clock.ts';
import { urgencyWords } from '../book/field-words.ts';

/** A part of the report: a heading, and what was counted with its count; null was not recorded. */
export interface ReportPart {
  readonly title: string;
  readonly rows: readonly (readonly [label: string, count: number | null])[];
}

export const notRecordedWord = 'không ghi nhận';

const quarters = ['I', 'II', 'III', 'IV'];

export const reportTitle = ({ year, quarter }: ArrivalReport): string =>
  `Báo cáo tình hình văn bản đến ${quarter === null ? `năm ${year}` : `quý ${quarters[quarter - 1] ?? quarter} năm ${year}`}`;

/** What the figures are about: register, days, and whether the period is over. */
export function reportScope({ register, from, to, complete }: ArrivalReport): string {
  const open = complete ? '' : '; kỳ chưa kết thúc, số liệu đến lúc lập báo cáo';
  return `${register}, văn bản đến từ ngày ${shownDate(from)} đến ngày ${shownDate(to)}${open}`;
}

/** The report in words, part by part. */
export function reportParts(report: ArrivalReport): ReportPart[] {
  const { numbers, byOrigin, byType, byUrgency, registered, transfer, handling } = report;
  const { digitized, signatures, delivery } = report;
  return [
    {
      title: 'Số đến',
      rows: [
        ['Số đã cấp (kể cả số phụ)', numbers.given],
        ['trong đó số phụ', numbers.lateEntries],
        ['Số đã hủy', numbers.voided],
        ['Số đã cấp trong năm nhưng mất nội dung', numbers.lost],
        ['Văn bản đến (không kể số đã hủy)', report.documents],
      ],
    },
    {
      title: 'Hình thức nhận',
      rows: [
        ['Văn bản giấy', byOrigin.paper],
        ['Văn bản điện tử', byOrigin.electronic],
      ],
    },
    { title: 'Tên loại văn bản', rows: byType.map(({ typeName, count }) => [typeName, count] as const) },
    {
      title: 'Mức độ khẩn',
      rows: (['hoa-toc', 'thuong-khan', 'khan', 'thuong'] as const).map((urgency) => [
        urgencyWords[urgency],
        byUrgency[urgency],
      ]),
    },
    {
      title: 'Thời hạn đăng ký',
      rows: [
        ['Trong ngày đến', registered.sameDay],
        ['Ngày làm việc tiếp theo', registered.nextWorkingDay],
        ['Muộn hơn', registered.later],
      ],
    },
    {
      title: 'Chuyển giao',
      rows: [
        ['Đã chuyển', transfer.transferred],
        ['Có ghi người ký nhận', transfer.receiptSigned],
        ['Chưa ghi ngày chuyển', transfer.notTransferred],
      ],
    },
    {
      title: 'Giải quyết',
      rows: [
        ['Có thời hạn giải quyết', handling.withDueDate],
        ['trong đó đã đến hạn', handling.dueByNow],
        ['Giải quyết đúng hạn', handling.inTime],
        ['Giải quyết quá hạn', handling.late],
        ['Chưa giải quyết xong', handling.unfinished],
      ],
    },
    {
      title: 'Số hóa và ký số văn bản giấy',
      rows: [
        ['Đã số hóa, có chữ ký số của cơ quan', digitized.signed],
        ['trong đó chờ dấu thời gian hoặc dữ liệu thu hồi', digitized.belowLevel],
        ['Chờ ký số', digitized.waiting],
        ['Chỉ vào sổ, không có bản quét', digitized.withoutScan],
      ],
    },
    {
      title: 'Chữ ký số trên văn bản điện tử (lần kiểm tra cuối)',
      rows: [
        ['Hợp lệ', signatures.valid],
        ['Không hợp lệ', signatures.invalid],
        ['Không xác định', signatures.indeterminate],
        ['Chưa ký số', signatures.unsigned],
        ['Chưa kiểm tra', signatures.unchecked],
      ],
    },
    {
      title: 'Liên thông với hệ thống của tỉnh',
      rows: [
        ['Đã gửi, có biên nhận', delivery.acknowledged],
        ['Chờ gửi', delivery.waiting],
        ['Lỗi, cần xem', delivery.blocked],
        ['Không có gì phải gửi', delivery.nothingToSend],
      ],
    },
  ];
}
