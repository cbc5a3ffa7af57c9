import { defineErrors } from './define.ts';

/** Errors of the room `archive`. */
export const archiveErrors = defineErrors({
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
