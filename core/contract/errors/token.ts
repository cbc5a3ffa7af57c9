import { defineErrors } from './define.ts';

/**
 * Errors of the room `token`. Only `token.pin-incorrect` may say that the PIN is wrong
 * (findings/signing-peers.md §3.4); every one of these happens before a signature is put into a file.
 */
export const tokenErrors = defineErrors({
  'token.pin-incorrect': {
    exit: 77,
    vi: 'Mã PIN không đúng (đã sai {failedTries} lần). Chưa có gì được ký. Hãy kiểm tra lại mã PIN; nhập sai nhiều lần sẽ khóa thiết bị.',
    en: 'The PIN is wrong ({failedTries} wrong tries so far). Nothing was signed. Check the PIN; several wrong tries lock the token.',
  },
  'token.pin-length': {
    exit: 77,
    vi: 'Mã PIN phải dài từ {min} đến {max} ký tự. Mã PIN chưa được gửi tới thiết bị nên không mất lượt thử nào. Vui lòng nhập lại.',
    en: 'The PIN must have {min} to {max} characters. It was not sent to the token, so no try was spent. Please enter it again.',
  },
  'token.pin-refused-length': {
    exit: 77,
    vi: 'Thiết bị từ chối độ dài của mã PIN. Chưa có gì được ký; có thể đã mất một lượt thử. Vui lòng kiểm tra lại mã PIN.',
    en: 'The token refused the length of the PIN. Nothing was signed; a try may have been spent. Please check the PIN.',
  },
  'token.pin-invalid': {
    exit: 77,
    vi: 'Thiết bị không chấp nhận mã PIN có ký tự này. Chưa có gì được ký. Vui lòng nhập lại bằng ký tự thông thường.',
    en: 'The token does not accept the characters of this PIN. Nothing was signed. Please enter it again.',
  },
  'token.pin-locked': {
    exit: 77,
    vi: 'Thiết bị đã bị khóa mã PIN nên phần mềm không thử thêm. Chưa có gì được ký. Vui lòng liên hệ đơn vị cấp chứng thư số để mở khóa; tài liệu vẫn chờ ký.',
    en: 'The PIN of the token is locked, so nothing more is tried. Nothing was signed. Ask the authority that issued it to unlock it; the documents keep waiting.',
  },
  'token.pin-expired': {
    exit: 77,
    vi: 'Mã PIN đã hết hạn hoặc phải đổi trước khi dùng. Chưa có gì được ký. Hãy đổi mã PIN bằng phần mềm của nhà cung cấp thiết bị.',
    en: 'The PIN has expired or must be changed first. Nothing was signed. Change it with the tool of the token’s maker.',
  },
  'token.pin-not-initialized': {
    exit: 77,
    vi: 'Thiết bị chưa được đặt mã PIN người dùng. Chưa có gì được ký. Vui lòng liên hệ đơn vị cấp thiết bị.',
    en: 'The token has no user PIN yet. Nothing was signed. Ask the authority that issued it.',
  },
  'token.pin-required': {
    exit: 77,
    vi: 'Cần nhập mã PIN để mở thiết bị. Chưa có gì được ký. Vui lòng nhập mã PIN.',
    en: 'A PIN is needed to open the token. Nothing was signed. Please enter the PIN.',
  },
  'token.last-try-needs-confirmation': {
    exit: 77,
    vi: 'Có thể chỉ còn một lượt thử trước khi thiết bị bị khóa (đã sai {failedTries} lần mà phần mềm biết). Mã PIN chưa được gửi. Hãy chắc chắn mã PIN đúng rồi xác nhận để thử lần cuối (dòng lệnh: --confirm-last-try).',
    en: 'One try may be left before the token locks ({failedTries} failed tries that this program knows of). The PIN was not sent. Make sure that it is right, then confirm the last try (command line: --confirm-last-try).',
  },
  'token.tries-unreadable': {
    exit: 77,
    vi: 'Không đọc được số lần nhập sai mã PIN mà phần mềm đã ghi ({path}: {reason}) nên mã PIN chưa được gửi, không mất lượt thử nào. Tài liệu vẫn chờ ký. Hãy cấp lại quyền đọc, ghi thư mục đó cho người dùng này; nếu không sửa được, dùng phần mềm của nhà cung cấp xem thiết bị còn mấy lượt thử rồi xóa thư mục đó và thử lại.',
    en: 'The count of wrong PINs that this program keeps cannot be read ({path}: {reason}), so the PIN was not sent and no try was spent. Documents keep waiting. Give this user the right to read and write that folder; if it cannot be mended, look with the maker’s tool how many tries the token has left, then delete that folder and try again.',
  },
  'token.login-unclear': {
    exit: 69,
    vi: 'Trình điều khiển báo lỗi ({ckr}) khi nhận mã PIN nên không rõ mã PIN có được kiểm tra hay không; có thể đã mất một lượt thử. Chưa có gì được ký. Hãy rút và cắm lại thiết bị, xem trạng thái mã PIN rồi mới thử lại.',
    en: 'The driver failed ({ckr}) while it took the PIN, so it is unclear whether the PIN was looked at; a try may have been spent. Nothing was signed. Unplug the token, plug it in, look at its PIN state and only then try again.',
  },
  'token.pin-value-refused': {
    exit: 64,
    vi: 'Không nhận mã PIN (pin-value, pin-source) nằm trong địa chỉ khóa vì sẽ bị lộ. Chưa có gì được gửi tới thiết bị. Hãy dùng --pin-env hoặc --pin-file.',
    en: 'A PIN (pin-value, pin-source) inside the key URI is refused because it would leak. Nothing was sent. Use --pin-env or --pin-file.',
  },
  'token.uri-invalid': {
    exit: 64,
    vi: 'Địa chỉ khóa không hợp lệ: {reason}. Chưa có gì được gửi tới thiết bị. Vui lòng dùng dạng pkcs11:token=…;id=… hoặc file:///….p12.',
    en: 'The key URI is not valid: {reason}. Nothing was sent. Use the form pkcs11:token=…;id=… or file:///….p12.',
  },
  'token.pin-key-spent': {
    exit: 75,
    vi: 'Khóa mã hóa mã PIN đã dùng hoặc đã hết hạn. Mã PIN chưa được gửi tới thiết bị nên không mất lượt thử. Vui lòng nhập lại mã PIN.',
    en: 'The key that protected the PIN was used or has expired. The PIN was not sent, no try was spent. Please enter it again.',
  },
  'token.sealed-pin-invalid': {
    exit: 77,
    vi: 'Mã PIN được gửi dưới dạng không giải mã được. Mã PIN chưa được gửi tới thiết bị nên không mất lượt thử. Vui lòng nhập lại mã PIN.',
    en: 'The PIN arrived in a form that cannot be opened. It was not sent to the token, no try was spent. Please enter it again.',
  },
  'token.module-not-configured': {
    exit: 77,
    vi: 'Thư viện {path} chưa được quản trị viên cho phép nên không được nạp. Chưa có gì được ký. Hãy thêm thư viện trong phần Cài đặt.',
    en: '{path} was not allowed by the administrator and is not loaded. Nothing was signed. Add it in the settings.',
  },
  'token.module-missing': {
    exit: 69,
    vi: 'Không tìm thấy thư viện thiết bị {path}. Dữ liệu không bị ảnh hưởng. Hãy cài phần mềm của nhà cung cấp thiết bị hoặc sửa đường dẫn.',
    en: 'The token’s library {path} was not found. Data is unaffected. Install the maker’s software or correct the path.',
  },
  'token.module-not-library': {
    exit: 69,
    vi: 'Tệp {path} không phải là thư viện chương trình nên không được nạp. Dữ liệu không bị ảnh hưởng. Vui lòng chọn đúng tệp thư viện PKCS#11.',
    en: '{path} is not a program library and was not loaded. Data is unaffected. Choose the right PKCS#11 library file.',
  },
  'token.module-wrong-architecture': {
    exit: 69,
    vi: 'Thư viện {path} dành cho {found}, còn phần mềm này chạy trên {expected}, nên không được nạp. Dữ liệu không bị ảnh hưởng. Hãy cài bản trình điều khiển {expected}.',
    en: '{path} is made for {found} while this program runs on {expected}; it was not loaded. Data is unaffected. Install the driver for {expected}.',
  },
  'token.module-load-failed': {
    exit: 69,
    vi: 'Không nạp được thư viện {path} ({reason}). Dữ liệu không bị ảnh hưởng. Hãy cài lại phần mềm của nhà cung cấp thiết bị.',
    en: 'The library {path} could not be loaded ({reason}). Data is unaffected. Reinstall the software of the token’s maker.',
  },
  'token.module-slow': {
    exit: 75,
    vi: 'Trình điều khiển thiết bị chưa trả lời sau {seconds} giây. Các thiết bị khác vẫn dùng được, dữ liệu không bị ảnh hưởng. Danh sách tự cập nhật khi có trả lời; nếu lâu không thấy, hãy rút và cắm lại thiết bị.',
    en: 'The token’s driver has not answered within {seconds} s. Other tokens go on working, data is unaffected. The list is brought up to date when it answers; if that takes long, unplug the token and plug it in again.',
  },
  'token.driver-timeout': {
    exit: 69,
    vi: 'Trình điều khiển thiết bị không trả lời sau {seconds} giây nên đã bị dừng. Chưa có chữ ký nào được ghi vào tệp; thiết bị được khóa lại. Hãy rút và cắm lại thiết bị rồi mở lại bằng mã PIN.',
    en: 'The token’s driver gave no answer within {seconds} s and was stopped. No signature was written; the token is locked again. Unplug it, plug it in and unlock it.',
  },
  'token.driver-crashed': {
    exit: 69,
    vi: 'Trình điều khiển thiết bị đã dừng đột ngột. Phần mềm và dữ liệu không bị ảnh hưởng; thiết bị được khóa lại. Hãy mở lại bằng mã PIN và thử lại.',
    en: 'The token’s driver stopped suddenly. The program and its data are unaffected; the token is locked again. Unlock it and try again.',
  },
  'token.not-present': {
    exit: 69,
    vi: 'Chưa thấy thiết bị được cắm vào máy. Tài liệu vẫn chờ ký. Vui lòng cắm thiết bị rồi thử lại.',
    en: 'The token is not plugged in. The documents keep waiting. Plug it in and try again.',
  },
  'token.not-recognized': {
    exit: 69,
    vi: 'Trình điều khiển không nhận ra thiết bị này. Chưa có gì được ký. Hãy cài đúng trình điều khiển của thiết bị, rồi rút và cắm lại.',
    en: 'The driver does not recognise this token. Nothing was signed. Install the right driver, then unplug and plug it in again.',
  },
  'token.removed': {
    exit: 69,
    vi: 'Thiết bị đã bị rút ra khi đang dùng. Chưa có chữ ký nào được ghi vào tệp. Vui lòng cắm lại, mở bằng mã PIN rồi ký tiếp.',
    en: 'The token was pulled out while in use. No signature was written. Plug it in, unlock it and go on.',
  },
  'token.ambiguous': {
    exit: 64,
    vi: 'Có {count} thiết bị hoặc khóa cùng khớp với địa chỉ khóa. Chưa có gì được ký. Vui lòng chỉ rõ số sê-ri (serial) và mã khóa (id).',
    en: '{count} tokens or keys match the key URI. Nothing was signed. Name the serial and the id of the key.',
  },
  'token.key-not-found': {
    exit: 69,
    vi: 'Không tìm thấy khóa bí mật tương ứng trên thiết bị. Chưa có gì được ký. Hãy kiểm tra xem đã cắm đúng thiết bị và chọn đúng chứng thư chưa.',
    en: 'The private key was not found on the token. Nothing was signed. Check that the right token is in and the right certificate is chosen.',
  },
  'token.certificate-not-found': {
    exit: 69,
    vi: 'Thiết bị chưa cho thấy chứng thư số của khóa này. Chưa có gì được ký. Hãy mở thiết bị bằng mã PIN; nếu vẫn không thấy, liên hệ đơn vị cấp chứng thư số.',
    en: 'The token shows no certificate for this key. Nothing was signed. Unlock it; if it is still missing, ask the issuing authority.',
  },
  'token.key-mismatch': {
    exit: 69,
    vi: 'Khóa bí mật và chứng thư số trên thiết bị không khớp nhau, chữ ký thử không kiểm tra được. Chữ ký đã bị bỏ, tệp không thay đổi. Vui lòng liên hệ đơn vị cấp chứng thư số.',
    en: 'Private key and certificate on the token do not belong together: the signature made does not verify. It was thrown away, the file is unchanged. Ask the issuing authority.',
  },
  'token.not-unlocked': {
    exit: 77,
    vi: 'Thiết bị đang khóa. Chưa có gì được ký; tài liệu vẫn chờ. Vui lòng mở thiết bị bằng mã PIN.',
    en: 'The token is locked. Nothing was signed; the documents wait. Unlock it with its PIN.',
  },
  'token.login-lost': {
    exit: 77,
    vi: 'Phiên làm việc với thiết bị đã mất (có thể do phần mềm khác hoặc do rút thiết bị). Chữ ký đang làm dở không được ghi. Vui lòng mở lại bằng mã PIN để ký tiếp.',
    en: 'The session with the token was lost (another program, or the token was pulled). The unfinished signature was not written. Unlock it again to go on.',
  },
  'token.busy': {
    exit: 75,
    vi: 'Thiết bị đang bận hoặc đang được phần mềm khác dùng ({operation}). Chưa có gì được ký. Hãy đóng phần mềm kia hoặc đợi một lát rồi thử lại.',
    en: 'The token is busy or used by another program ({operation}). Nothing was signed. Close that program or wait, then try again.',
  },
  'token.canceled': {
    exit: 77,
    vi: 'Thao tác trên thiết bị đã bị hủy. Chưa có gì được ký. Có thể thử lại khi sẵn sàng.',
    en: 'The operation was cancelled on the token. Nothing was signed. Try again when ready.',
  },
  'token.mechanism-unsupported': {
    exit: 69,
    vi: 'Thiết bị không hỗ trợ thuật toán ký {scheme}. Chưa có gì được ký. Vui lòng chọn thuật toán khác (thường là rsa-pkcs1).',
    en: 'The token does not support {scheme}. Nothing was signed. Choose another scheme (usually rsa-pkcs1).',
  },
  'token.scheme-mismatch': {
    exit: 64,
    vi: 'Thuật toán {scheme} không dùng được với khóa loại {keyType}. Chưa có gì được ký. Vui lòng chọn thuật toán hợp với khóa.',
    en: '{scheme} does not fit a key of type {keyType}. Nothing was signed. Choose a scheme that fits the key.',
  },
  'token.key-not-permitted': {
    exit: 77,
    vi: 'Thiết bị không cho phép dùng khóa này để ký. Chưa có gì được ký. Vui lòng chọn chứng thư số dùng để ký.',
    en: 'The token does not permit signing with this key. Nothing was signed. Choose the signing certificate.',
  },
  'token.driver-fault': {
    exit: 69,
    vi: 'Trình điều khiển thiết bị báo lỗi ({ckr}, {operation}); đây không phải là lỗi sai mã PIN. Chưa có gì được ký. Hãy rút và cắm lại thiết bị rồi thử lại.',
    en: 'The token’s driver reported a fault ({ckr}, {operation}); this is not a wrong PIN. Nothing was signed. Unplug the token, plug it in and try again.',
  },
  'token.soft-not-official': {
    exit: 77,
    vi: 'Đã ký bằng khóa mềm (tệp PKCS#12): chỉ để thử nghiệm, không có giá trị như chữ ký số công vụ. Hãy dùng thiết bị do đơn vị cấp chứng thư số cấp khi ký chính thức.',
    en: 'Signed with a soft token (a PKCS#12 file): for trials only, not an official signature. Use the token issued by the authority for official signing.',
  },
  'token.soft-too-costly': {
    exit: 69,
    vi: 'Tệp khóa mềm {path} đòi {iterations} vòng tính để mở, quá mức cho phép ({most}), nên không được mở. Chưa có gì được ký. Hãy xuất lại tệp với số vòng nhỏ hơn.',
    en: 'The soft-token file {path} asks for {iterations} rounds to be opened, more than allowed ({most}), and was not opened. Nothing was signed. Export it again with fewer rounds.',
  },
  'token.soft-missing': {
    exit: 66,
    vi: 'Không mở được tệp khóa mềm {path}. Chưa có gì được ký. Vui lòng kiểm tra đường dẫn và quyền đọc.',
    en: 'The soft-token file {path} cannot be opened. Nothing was signed. Check the path and the right to read it.',
  },
  'token.soft-unreadable': {
    exit: 66,
    vi: 'Tệp {path} không phải là tệp PKCS#12 hợp lệ. Chưa có gì được ký. Vui lòng chọn đúng tệp .p12 hoặc .pfx.',
    en: '{path} is not a valid PKCS#12 file. Nothing was signed. Choose the right .p12 or .pfx file.',
  },
  'token.soft-key-unsupported': {
    exit: 69,
    vi: 'Khóa trong tệp {path} không thuộc loại dùng được ({reason}). Chưa có gì được ký. Vui lòng dùng khóa RSA, khóa ECDSA (P-256, P-384, P-521) hoặc thiết bị PKCS#11.',
    en: 'The key in {path} is of a kind that cannot be used ({reason}). Nothing was signed. Use an RSA key, an ECDSA key (P-256, P-384, P-521) or a PKCS#11 token.',
  },
});
