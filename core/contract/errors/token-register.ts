import { defineErrors } from './define.ts';

/** Errors of the choice of a certificate and of the register of tokens. All of them before anything is signed. */
export const tokenRegisterErrors = defineErrors({
  'token.person-key-for-agency': {
    exit: 77,
    vi: 'Chứng thư của {name} là chứng thư cá nhân nên không được dùng thay chữ ký số của cơ quan. Chưa có gì được ký; tài liệu vẫn chờ. Vui lòng cắm thiết bị của cơ quan rồi chọn đúng chứng thư.',
    en: 'The certificate of {name} is a person’s and may not be used as the agency’s signature. Nothing was signed; the documents wait. Plug in the agency’s token and choose its certificate.',
  },
  'token.agency-key-for-person': {
    exit: 77,
    vi: 'Chứng thư của {name} là chứng thư cơ quan nên không được dùng làm chữ ký cá nhân của người có thẩm quyền. Chưa có gì được ký; tài liệu vẫn chờ. Vui lòng chọn chứng thư cá nhân của người ký.',
    en: 'The certificate of {name} is an agency’s and may not be used as a person’s signature. Nothing was signed; the documents wait. Choose the signer’s own certificate.',
  },
  'token-register.not-plugged': {
    exit: 69,
    vi: 'Chưa đọc được chứng thư của khóa này nên chưa thể vào sổ. Sổ không thay đổi. Vui lòng cắm thiết bị (mở bằng mã PIN nếu thiết bị chỉ cho xem chứng thư sau khi mở), rồi thử lại.',
    en: 'The certificate of this key cannot be read now, so it was not entered. The register is unchanged. Plug the token in (unlock it when it hides its certificates), then try again.',
  },
  'token-register.already-entered': {
    exit: 77,
    vi: 'Chứng thư này đã có trong sổ với tên “{name}”. Sổ không thay đổi. Nếu cần, hãy sửa dòng đã có.',
    en: 'This certificate is in the register already as “{name}”. The register is unchanged. Correct that line if needed.',
  },
  'token-register.retired': {
    exit: 77,
    vi: 'Chứng thư “{name}” đã thôi sử dụng ({reason}) nên không ghi thêm được. Sổ không thay đổi. Nếu dùng lại, hãy vào sổ như chứng thư mới.',
    en: 'The certificate “{name}” is retired ({reason}); nothing can be added. The register is unchanged. Enter it as a new line if it is used again.',
  },
  'token-register.bad-handover': {
    exit: 64,
    vi: 'Ngày bàn giao {date} không hợp lệ: không được ở sau hôm nay. Biên bản chưa được ghi. Vui lòng kiểm tra lại ngày.',
    en: 'The handover date {date} is not valid: it must not be after today. No minutes were written. Please check the date.',
  },
  'signing.held': {
    exit: 75,
    vi: 'Việc ký đang tạm dừng theo yêu cầu. Văn bản này chưa được đưa đi ký, tệp gốc vẫn nguyên vẹn. Bấm “Ký tất cả” ở màn hình Chờ ký khi muốn ký tiếp.',
    en: 'Signing is paused on request. This document was not sent to the token, its file is untouched. Press “Sign all” on the screen Waiting to be signed to go on.',
  },
});
