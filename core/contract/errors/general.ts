import { defineErrors } from './define.ts';

/** Errors that belong to no single room. */
export const generalErrors = defineErrors({
  'general.defect': {
    exit: 70,
    vi: 'Phần mềm gặp lỗi ngoài dự kiến ({reason}). Dữ liệu đã lưu không bị ảnh hưởng. Vui lòng xuất gói hỗ trợ và báo cho bộ phận kỹ thuật.',
    en: 'The program met a defect of its own ({reason}). Stored data is unaffected. Please export a support bundle and report it.',
  },
  'general.usage': {
    exit: 64,
    vi: 'Lệnh dùng chưa đúng: {reason}. Chưa có gì được thực hiện. Xem hướng dẫn với --help.',
    en: 'Wrong usage: {reason}. Nothing was done. See --help.',
  },
  'general.invalid-input': {
    exit: 64,
    vi: 'Dữ liệu gửi vào không hợp lệ: {reason}. Chưa có gì được thay đổi. Vui lòng kiểm tra lại và thử lại.',
    en: 'The input is not valid: {reason}. Nothing was changed. Please check it and try again.',
  },
  'general.machine-settings': {
    exit: 70,
    vi: 'Tệp thiết lập của máy {path} không đọc được ({reason}). Phần mềm dừng để không bỏ qua quy định của quản trị viên. Dữ liệu không bị ảnh hưởng. Vui lòng báo quản trị viên sửa tệp này.',
    en: 'The machine’s settings {path} cannot be read ({reason}). The program stops rather than pass over a policy. Data is unaffected. Please ask the administrator to mend the file.',
  },
  'general.not-found': {
    exit: 66,
    vi: 'Không tìm thấy {what}. Chưa có gì được thay đổi. Vui lòng làm mới danh sách và thử lại.',
    en: '{what} was not found. Nothing was changed. Please refresh the list and try again.',
  },
  'general.no-such-input': {
    exit: 66,
    vi: 'Không mở được tệp {path}. Chưa có gì được thay đổi. Vui lòng kiểm tra đường dẫn và quyền đọc.',
    en: 'The file {path} cannot be opened. Nothing was changed. Please check the path and the right to read it.',
  },
  'general.output-exists': {
    exit: 73,
    vi: 'Tệp {path} đã có sẵn nên không ghi đè. Vui lòng chọn tên khác hoặc thêm --force.',
    en: '{path} exists and was not overwritten. Choose another name or add --force.',
  },
  'general.program-died': {
    exit: 70,
    vi: 'Tiến trình phụ «{program}» đã dừng đột ngột ({reason}). Tệp gốc vẫn an toàn; phần mềm sẽ khởi động lại tiến trình và thử tiếp.',
    en: 'The helper process “{program}” stopped ({reason}). The original file is safe; the process is restarted and the work tried again.',
  },
  'general.program-timeout': {
    exit: 75,
    vi: 'Tiến trình phụ «{program}» không trả lời trong {seconds} giây nên đã bị dừng. Tệp gốc vẫn an toàn; vui lòng thử lại.',
    en: 'The helper process “{program}” gave no answer within {seconds} seconds and was stopped. The original file is safe; please try again.',
  },
});
