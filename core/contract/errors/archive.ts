import { defineErrors } from './define.ts';

/** Errors of the room `archive`. */
export const archiveErrors = defineErrors({
  'archive.self-check-failed': {
    exit: 2,
    vi: 'Văn bản vừa ký không qua được bước tự kiểm tra ({reason}) nên không được lưu. Bản số hóa vẫn an toàn, chưa có gì được gửi đi. Vui lòng kiểm tra khóa ký và chứng thư rồi thử lại.',
    en: 'The signed document did not pass our own check ({reason}) and was not kept. The scan is safe and nothing was sent. Please check key and certificate and try again.',
  },
});
