import { defineErrors } from './define.ts';

/** Errors of the room `register`. */
export const registerErrors = defineErrors({
  'register.duplicate': {
    exit: 2,
    vi: 'Văn bản có thể trùng: cùng số, ký hiệu và cơ quan ban hành với số đến {number} ngày {date}. Chưa cấp số đến. Vui lòng kiểm tra; nếu vẫn vào sổ, xin xác nhận.',
    en: 'This may be a duplicate: same number, notation and issuer as arrival {number} of {date}. No number was given. Please check; confirm to enter it anyway.',
  },
  'register.not-acceptable': {
    exit: 2,
    vi: 'Tệp này đang ở trạng thái «{state}» nên chưa vào sổ được. Tệp vẫn an toàn trong hộp thư. Vui lòng đợi xử lý xong hoặc xem lý do.',
    en: 'This file is “{state}” and cannot be entered yet. It is safe in the inbox. Please wait until it is ready or look at the reason.',
  },
  'register.signature-refused': {
    exit: 2,
    vi: 'Chữ ký số trên văn bản không hợp lệ nên không vào sổ. Gói nhận được vẫn được giữ nguyên. Vui lòng trả lại nơi gửi kèm lý do.',
    en: 'The digital signature is not valid, so the document was not entered. The received package is kept as it is. Please return it to the sender with the reason.',
  },
  'register.concerns-unaccepted': {
    exit: 2,
    vi: 'Tệp có điều cần xem trước khi ký: {reason}. Chưa cấp số đến, chưa ký. Vui lòng xem lại tệp; nếu vẫn vào sổ và ký, xin ghi lý do.',
    en: 'The file holds something to look at before signing: {reason}. No number was given and nothing was signed. Please look at the file; to enter and sign it anyway, say why.',
  },
  'register.decision-needed': {
    exit: 2,
    vi: 'Chữ ký số trên văn bản chưa đủ để tự vào sổ ({advice}). Chưa cấp số đến, văn bản vẫn ở hộp thư. Vui lòng hỏi lại nơi gửi hoặc ghi rõ lý do vào sổ.',
    en: 'The signatures are not enough to enter the document as a matter of course ({advice}). No number was given and it stays in the inbox. Please ask the sender, or say why it is entered.',
  },
  'register.already-voided': {
    exit: 2,
    vi: 'Số đến {number} đã được hủy trước đó. Sổ không thay đổi.',
    en: 'Arrival number {number} was voided before. The register is unchanged.',
  },
  'register.unknown-register': {
    exit: 66,
    vi: 'Không có sổ «{id}». Chưa có gì được thay đổi. Vui lòng chọn sổ trong danh sách.',
    en: 'There is no register “{id}”. Nothing was changed. Please choose one from the list.',
  },
  'register.clock-behind': {
    exit: 75,
    vi: 'Đồng hồ của máy đang chỉ ngày {today}, trước ngày của văn bản vào sổ gần nhất ({last}), nên chưa cấp số đến. Văn bản vẫn an toàn, sổ không thay đổi. Vui lòng chỉnh lại ngày giờ của máy; nếu ngày của máy là đúng thì ghi rõ ngày đến.',
    en: 'The clock of this computer says {today}, before the day of the last entry in the register ({last}), so no number was given. The document is safe and the register unchanged. Please set the clock right; if its day is right, state the day of arrival.',
  },
  'register.future-date': {
    exit: 64,
    vi: 'Ngày đến {date} nằm sau hôm nay. Chưa cấp số đến. Vui lòng kiểm tra ngày và đồng hồ của máy.',
    en: 'The arrival date {date} lies after today. No number was given. Please check the date and the computer’s clock.',
  },
  'register.no-lost-number': {
    exit: 2,
    vi: 'Số {number}/{year} không nằm trong khoảng số còn thiếu sau khi phục hồi sổ, hoặc đã được vào lại, hoặc khác năm với ngày đến. Chưa có gì được vào sổ. Xem các số còn thiếu bằng «an-thu register gaps».',
    en: 'The number {number}/{year} is none of those missing since the register was restored, was entered again already, or is of another year than the day of arrival. Nothing was entered. See what is missing with “an-thu register gaps”.',
  },
  'register.no-such-number': {
    exit: 66,
    vi: 'Sổ năm {year} chưa có số đến {number} để thêm số phụ. Chưa có gì được thay đổi.',
    en: 'The register of {year} has no arrival number {number} to follow with a suffix. Nothing was changed.',
  },
  'register.nothing-to-print': {
    exit: 66,
    vi: 'Sổ «{register}» không có mục nào trong khoảng đã chọn ({range}). Chưa ghi tệp nào. Vui lòng chọn năm, ngày hoặc số khác.',
    en: 'The register “{register}” has no entry in the chosen range ({range}). No file was written. Please choose another year, other days or numbers.',
  },
  'register.period-not-begun': {
    exit: 64,
    vi: 'Kỳ báo cáo bắt đầu ngày {date}, sau hôm nay, nên chưa có số liệu. Vui lòng chọn kỳ khác hoặc kiểm tra đồng hồ của máy.',
    en: 'The period begins on {date}, after today, so that there is nothing to report. Please choose another period or check the computer’s clock.',
  },
});
