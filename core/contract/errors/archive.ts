import { defineErrors } from './define.ts';

/** Errors of the room `archive`. */
export const archiveErrors = defineErrors({
  'archive.not-renewed': {
    exit: 69,
    vi: 'Chưa thêm được dấu thời gian mới ({reason}). Tệp và bằng chứng đang có giữ nguyên; chạy lại lệnh khi dịch vụ sẵn sàng.',
    en: 'No new timestamp could be added ({reason}). The file and its evidence are as they were; run the command again when the services are ready.',
  },
  'archive.export-nothing': {
    exit: 66,
    vi: 'Không có văn bản nào trong khoảng đã chọn sẵn sàng để nộp lưu ({waiting} văn bản chưa ký số xong). Không có gói nào được tạo, dữ liệu không thay đổi. Vui lòng chọn năm hoặc ngày khác, hoặc chờ ký xong.',
    en: 'Nothing in the chosen stretch is ready to be handed over ({waiting} documents are not sealed yet). No package was made and nothing was changed. Please choose another year or other days, or wait until they are sealed.',
  },
  'archive.export-too-many': {
    exit: 64,
    vi: 'Khoảng đã chọn có {total} văn bản, nhiều hơn {most} văn bản của một gói. Không có gói nào được tạo. Vui lòng chia theo ngày bằng --from và --to.',
    en: 'The chosen stretch has {total} entries, more than the {most} of one package. No package was made. Please divide it by days with --from and --to.',
  },
  'archive.self-check-failed': {
    exit: 2,
    vi: 'Văn bản vừa ký không qua được bước tự kiểm tra ({reason}) nên không được lưu. Bản số hóa vẫn an toàn, chưa có gì được gửi đi. Vui lòng kiểm tra khóa ký và chứng thư rồi thử lại.',
    en: 'The signed document did not pass our own check ({reason}) and was not kept. The scan is safe and nothing was sent. Please check key and certificate and try again.',
  },
  'archive.update-check-failed': {
    exit: 2,
    vi: 'Tệp sau khi bổ sung không qua được bước tự kiểm tra ({reason}) nên không được ghi. Tệp ban đầu vẫn nguyên vẹn, không có gì được ký hay gửi đi. Vui lòng kiểm tra các chữ ký đã có trong tệp ban đầu.',
    en: 'The file with what was added to it did not pass our own check ({reason}) and was not written. The original file is untouched; nothing was signed or sent. Please check the signatures that the original file has.',
  },
});
