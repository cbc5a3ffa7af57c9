import { defineErrors } from './define.ts';

/** Errors of the composition: what the engine as a whole cannot do. */
export const engineErrors = defineErrors({
  'engine.unknown-procedure': {
    exit: 64,
    vi: 'Không có chức năng «{name}». Chưa có gì được thực hiện. Vui lòng cập nhật phần mềm.',
    en: 'There is no procedure “{name}”. Nothing was done. Please update the program.',
  },
  'engine.stopping': {
    exit: 75,
    vi: 'Phần mềm đang đóng nên không nhận việc mới. Việc đang chờ vẫn được lưu và sẽ tiếp tục ở lần mở sau.',
    en: 'The program is closing and takes no new work. What waits is kept and goes on at the next start.',
  },
  'engine.no-signing-key': {
    exit: 69,
    vi: 'Chưa chọn khóa ký của cơ quan nên văn bản chờ ký. Số đến và bản số hóa đã được lưu. Vui lòng chọn chứng thư trong Cài đặt.',
    en: 'No signing key of the agency is chosen, so documents wait for their signature. Number and scan are stored. Please choose a certificate in Settings.',
  },
  'engine.no-main-document': {
    exit: 2,
    vi: 'Gói văn bản điện tử không có tệp PDF nào (mã {documentId}). Gói được giữ nguyên, chưa vào sổ. Vui lòng trả lại nơi gửi.',
    en: 'The package holds no PDF (document {documentId}). It is kept as it is and was not entered. Please return it to the sender.',
  },
  'engine.unavailable': {
    exit: 69,
    vi: 'Chưa kết nối được với tiến trình xử lý của Ấn Thư ({reason}). Dữ liệu vẫn an toàn. Vui lòng mở lại phần mềm.',
    en: 'The working process of Ấn Thư cannot be reached ({reason}). Data is safe. Please open the program again.',
  },
});
