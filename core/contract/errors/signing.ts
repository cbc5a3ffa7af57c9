import { defineErrors } from './define.ts';

/** Errors of the room `signing`. */
export const signingErrors = defineErrors({
  'signing.no-changes-allowed': {
    exit: 2,
    vi: 'Người ký trước đã khóa văn bản, không cho phép bất kỳ thay đổi nào (kể cả ký thêm). Tệp gốc và chữ ký trước vẫn nguyên vẹn. Vui lòng gửi kèm văn bản ký riêng hoặc xin bản khác.',
    en: 'An earlier signer locked this document against any change, further signatures included. The original and its signatures are untouched. Please sign a covering document or ask for another copy.',
  },
  'signing.xfa': {
    exit: 2,
    vi: 'Tệp PDF là biểu mẫu XFA nên không ký được mà giữ nguyên nội dung. Tệp gốc vẫn nguyên vẹn. Vui lòng in ra PDF thường rồi ký.',
    en: 'The PDF is an XFA form and cannot be signed without changing it. The original is untouched. Please print it to an ordinary PDF first.',
  },
  'signing.portfolio': {
    exit: 2,
    vi: 'Tệp PDF là bộ sưu tập nhiều tệp (portfolio) nên không ký được. Tệp gốc vẫn nguyên vẹn. Vui lòng tách từng tệp rồi ký.',
    en: 'The PDF is a portfolio of several files and cannot be signed. The original is untouched. Please take the files out and sign each.',
  },
  'signing.earlier-signature-broken': {
    exit: 2,
    vi: 'Chữ ký đã có trong trường «{field}» không hợp lệ về cấu trúc nên không ký thêm. Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra chữ ký cũ hoặc xin bản khác.',
    en: 'The structure of the signature already in field “{field}” is broken, so nothing was added. The original is untouched. Please verify the earlier signature or ask for another copy.',
  },
  'signing.field-exists': {
    exit: 64,
    vi: 'Tên trường chữ ký «{field}» đã có hoặc không dùng được. Chưa có gì được ký. Vui lòng chọn tên khác.',
    en: 'The signature field name “{field}” is taken or not usable. Nothing was signed. Please choose another name.',
  },
  'signing.text-not-drawable': {
    exit: 64,
    vi: 'Phông chữ không có ký tự {character} trong tên cơ quan. Chưa có gì được ký. Vui lòng sửa tên cơ quan trong phần thiết lập.',
    en: 'The font has no glyph for {character} of the agency name. Nothing was signed. Please correct the agency name in the settings.',
  },
  'signing.page-too-small': {
    exit: 2,
    vi: 'Trang đầu quá nhỏ để đặt khối chữ ký số của cơ quan. Tệp gốc vẫn nguyên vẹn. Vui lòng quét lại đúng khổ giấy hoặc ký không hiển thị.',
    en: 'The first page is too small for the agency signature block. The original is untouched. Please scan at the true paper size or sign invisibly.',
  },
  'signing.scheme-mismatch': {
    exit: 64,
    vi: 'Khóa {keyType} không dùng được với thuật toán ký {scheme}. Chưa có gì được ký. Vui lòng chọn thuật toán khác.',
    en: 'A key of type {keyType} cannot sign with {scheme}. Nothing was signed. Please choose another scheme.',
  },
  'signing.bad-signature': {
    exit: 69,
    vi: 'Thiết bị ký trả về chữ ký không khớp với chứng thư nên đã bị loại bỏ. Tệp gốc vẫn nguyên vẹn. Vui lòng rút và cắm lại thiết bị ký rồi thử lại; nếu lặp lại, hãy báo bộ phận kỹ thuật.',
    en: 'The token returned a signature that does not fit its certificate; it was discarded. The original is untouched. Please plug the token in again and retry; tell support if it happens again.',
  },
  'signing.contents-too-small': {
    exit: 70,
    vi: 'Chữ ký dài {needed} byte, lớn hơn chỗ dành sẵn {reserved} byte. Tệp gốc vẫn nguyên vẹn. Vui lòng ký lại với chỗ dành sẵn lớn hơn.',
    en: 'The signature takes {needed} bytes, more than the {reserved} reserved. The original is untouched. Please sign again with a larger reserve.',
  },
  'signing.input-changed': {
    exit: 75,
    vi: 'Tệp {path} thay đổi trong lúc ký nên việc ký đã dừng. Không có tệp nào được ghi ra. Vui lòng đợi tệp ổn định rồi ký lại.',
    en: 'The file {path} changed while it was being signed, so signing stopped. No output was written. Please wait until the file is settled and sign again.',
  },
  'signing.prefix-changed': {
    exit: 70,
    vi: 'Bản đã ký không trùng khớp từng byte với tệp gốc tại vị trí {offset} nên đã bị loại bỏ. Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra ổ đĩa rồi ký lại.',
    en: 'The signed copy differs from the original at byte {offset} and was discarded. The original is untouched. Please check the disk and sign again.',
  },
  'signing.output-is-input': {
    exit: 64,
    vi: 'Tệp ký ra trùng với tệp gốc {path}. Tệp gốc không bao giờ bị ghi đè. Vui lòng chọn tên khác cho tệp ký ra.',
    en: 'The output is the original file {path} itself. The original is never overwritten. Please choose another name for the output.',
  },
  'signing.write-failed': {
    exit: 73,
    vi: 'Không ghi được tệp {path} ({reason}). Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra dung lượng đĩa và quyền ghi rồi thử lại.',
    en: 'The file {path} could not be written ({reason}). The original is untouched. Please check disk space and permissions and try again.',
  },
  'signing.tsa-unavailable': {
    exit: 69,
    vi: 'Không kết nối được máy chủ cấp dấu thời gian ({reason}). Chữ ký vẫn được giữ; dấu thời gian sẽ được bổ sung sau khi có mạng.',
    en: 'The timestamp server cannot be reached ({reason}). The signature is kept; the timestamp is added once the server answers.',
  },
  'signing.tsa-refused': {
    exit: 69,
    vi: 'Máy chủ cấp dấu thời gian từ chối hoặc trả lời sai ({reason}). Chữ ký vẫn được giữ; vui lòng kiểm tra địa chỉ máy chủ dấu thời gian trong phần thiết lập.',
    en: 'The timestamp server refused or answered wrongly ({reason}). The signature is kept; please check the timestamp server address in the settings.',
  },
});
