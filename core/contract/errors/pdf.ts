import { defineErrors } from './define.ts';

/** Errors of the room `pdf`. */
export const pdfErrors = defineErrors({
  'pdf.not-pdf': {
    exit: 2,
    vi: 'Tệp này không phải là PDF (không có phần đầu %PDF). Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra lại tệp hoặc quét lại văn bản.',
    en: 'This file is not a PDF (it has no %PDF header). The original file is untouched. Please check the file or scan the document again.',
  },
  'pdf.damaged': {
    exit: 2,
    vi: 'Cấu trúc tệp PDF bị hỏng hoặc không rõ ràng ({reason}) nên không xử lý. Tệp gốc vẫn nguyên vẹn. Vui lòng quét lại, hoặc xin bên gửi tệp khác.',
    en: 'The structure of the PDF is damaged or ambiguous ({reason}), so it was not processed. The original file is untouched. Please scan again or ask the sender for another file.',
  },
  'pdf.encrypted': {
    exit: 2,
    vi: 'Tệp PDF được đặt mật khẩu hoặc mã hóa nên không mở được. Tệp gốc vẫn nguyên vẹn. Vui lòng xin bên gửi bản không đặt mật khẩu.',
    en: 'The PDF is encrypted or protected by a password and cannot be processed. The original file is untouched. Please ask the sender for a copy without a password.',
  },
  'pdf.password-wrong': {
    exit: 77,
    vi: 'Mật khẩu không mở được tệp PDF này. Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra lại mật khẩu với bên gửi.',
    en: 'The password does not open this PDF. The original file is untouched. Please check the password with the sender.',
  },
  'pdf.encryption-unsupported': {
    exit: 2,
    vi: 'Tệp PDF được mã hóa theo cách phần mềm không hỗ trợ ({reason}). Tệp gốc vẫn nguyên vẹn. Vui lòng xin bên gửi bản không mã hóa.',
    en: 'The PDF is encrypted in a way that is not supported ({reason}). The original file is untouched. Please ask the sender for a copy without encryption.',
  },
  'pdf.too-large': {
    exit: 2,
    vi: 'Tệp PDF lớn hơn mức mà bảng địa chỉ của nó ghi được (vị trí {bytes}) nên không bổ sung được. Tệp gốc vẫn nguyên vẹn. Vui lòng tách tệp thành nhiều tệp nhỏ hơn.',
    en: 'The PDF is larger than its cross-reference table can address (offset {bytes}), so nothing can be added. The original file is untouched. Please split it into smaller files.',
  },
  'pdf.no-pages': {
    exit: 2,
    vi: 'Tệp PDF không có trang nào. Tệp gốc vẫn nguyên vẹn. Vui lòng quét lại văn bản.',
    en: 'The PDF has no pages. The original file is untouched. Please scan the document again.',
  },
  'pdf.too-many-pages': {
    exit: 2,
    vi: 'Tệp PDF có hơn {max} trang, vượt mức cho phép. Tệp gốc vẫn nguyên vẹn. Vui lòng tách thành nhiều tệp nhỏ hơn.',
    en: 'The PDF has more than {max} pages, which is over the limit. The original file is untouched. Please split it into smaller files.',
  },
  'pdf.limit': {
    exit: 2,
    vi: 'Tệp PDF vượt giới hạn an toàn ({what}, tối đa {max}) nên bị dừng kiểm tra. Tệp gốc vẫn nguyên vẹn. Vui lòng báo bộ phận kỹ thuật nếu tệp này là tệp bình thường.',
    en: 'The PDF is over a safety limit ({what}, at most {max}) and was not read further. The original file is untouched. Please tell support if this is an ordinary file.',
  },
});
