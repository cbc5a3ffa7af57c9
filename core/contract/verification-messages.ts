import { z } from 'zod';

/**
 * The clerk's words for what verification found. The first group is the table of domain/vietnam.md §3.4, one
 * code a row; the second names the finer reasons.
 */
export const verificationMessages = {
  // ------------------------------------------------ domain/vietnam.md §3.4
  'verify.valid-with-timestamp': 'Chữ ký hợp lệ tại thời điểm ký (có dấu thời gian).',
  'verify.valid-claimed-time': 'Chữ ký hợp lệ; thời gian ký do máy người ký khai báo.',
  'verify.certificate-ended-without-timestamp':
    'Không chứng minh được chữ ký được tạo khi chứng thư còn hiệu lực.',
  'verify.revocation-unchecked': 'Chưa kiểm tra được trạng thái thu hồi. Sẽ kiểm tra lại khi có mạng.',
  'verify.issuer-unknown': 'Không nhận ra cơ quan cấp chứng thư.',
  'verify.changed-after-signing': 'Văn bản đã bị thay đổi sau khi ký.',
  'verify.certificate-invalid-when-signed': 'Chứng thư không còn hiệu lực khi ký.',
  'verify.agency-signature-missing': 'Thiếu chữ ký số của cơ quan.',
  'verify.leader-signature-missing': 'Thiếu chữ ký số của người có thẩm quyền.',
  'verify.unsigned':
    'Văn bản không có chữ ký số: chỉ có giá trị tham khảo cho đến khi nhận bản giấy hoặc bản ký số.',

  // ------------------------------------------------ finer reasons
  'verify.revocation-no-source':
    'Chưa kiểm tra được trạng thái thu hồi: chứng thư không ghi nơi tra cứu, nên chờ mạng cũng không biết thêm.',
  'verify.package-unsigned':
    'Gói văn bản điện tử không có chữ ký của bên gửi; giá trị pháp lý dựa vào chữ ký số trên tệp PDF.',
  'verify.package-changed': 'Gói văn bản điện tử đã bị thay đổi sau khi bên gửi ký.',
  'verify.package-unreadable':
    'Không đọc được cấu trúc gói văn bản điện tử, nên không kiểm tra được chữ ký của gói.',
  'verify.xml-malformed': 'Chữ ký của gói văn bản điện tử sai cấu trúc, không dùng để xác nhận gói được.',
  'verify.xml-unsupported':
    'Chữ ký của gói dùng cách ký hoặc thuật toán mà phần mềm không chấp nhận, nên chưa kết luận được.',
  'verify.xml-data-missing': 'Không tìm thấy phần mà chữ ký của gói nói đến.',
  'verify.xml-partial':
    'Chữ ký của gói không bao trùm hết thông tin văn bản và tệp đính kèm, nên không dùng để xác nhận gói được.',
  'verify.xml-judges-differ':
    'Hai bộ kiểm tra độc lập không thống nhất về chữ ký của gói, nên chưa kết luận được.',
  'verify.unreadable': 'Không đọc được cấu trúc tệp PDF, nên không kiểm tra được chữ ký.',
  'verify.structure-ambiguous':
    'Tệp có chỗ sai cấu trúc mà mỗi phần mềm có thể hiển thị một khác, nên chưa kết luận được người ký đã thấy gì.',
  'verify.limit-reached': 'Tệp vượt giới hạn kiểm tra, nên chưa kết luận được.',
  'verify.signature-malformed': 'Chữ ký sai cấu trúc, không dùng để xác nhận văn bản được.',
  'verify.signature-value-wrong': 'Giá trị chữ ký không khớp với chứng thư của người ký.',
  'verify.signing-certificate-missing': 'Trong chữ ký không có chứng thư của người ký.',
  'verify.signing-certificate-unbound': 'Chữ ký không ràng buộc với chứng thư của người ký.',
  'verify.signing-certificate-mismatch': 'Chứng thư đi kèm không phải chứng thư đã được ký cùng.',
  'verify.key-usage-unfit': 'Chứng thư không được cấp để ký số.',
  'verify.chain-broken': 'Đường dẫn chứng thực không hợp lệ.',
  'verify.not-yet-valid': 'Chứng thư chưa có hiệu lực vào thời điểm ký.',
  'verify.revoked': 'Chứng thư đã bị thu hồi trước thời điểm ký.',
  'verify.authority-revoked': 'Chứng thư của cơ quan cấp chứng thư đã bị thu hồi.',
  'verify.timestamp-authority-revoked':
    'Chứng thư của nơi cấp dấu thời gian đã bị thu hồi, nên dấu thời gian không được dùng làm thời gian ký.',
  'verify.timestamp-order': 'Các dấu thời gian trong tệp mâu thuẫn nhau về thứ tự.',
  'verify.algorithm-weak': 'Chữ ký dùng thuật toán không còn an toàn.',
  'verify.algorithm-not-listed':
    'Chữ ký đúng về mật mã nhưng dùng thuật toán (EdDSA) không có trong danh mục dùng cho chữ ký số công vụ; hãy hỏi lại nơi gửi.',
  'verify.algorithm-unsupported': 'Chữ ký dùng thuật toán mà phần mềm không hỗ trợ.',
  'verify.timestamp-invalid':
    'Dấu thời gian trong chữ ký không hợp lệ, nên không được dùng làm thời gian ký.',
  'verify.timestamp-untrusted':
    'Dấu thời gian còn nguyên vẹn nhưng máy này không nhận ra nơi cấp, nên không được dùng làm thời gian ký; nếu biết rõ nơi cấp, hãy nhờ quản trị thêm gốc tin cậy của dấu thời gian rồi kiểm tra lại.',
  'verify.timestamp-weak':
    'Dấu thời gian dùng thuật toán yếu, nên không được dùng làm thời gian ký; chữ ký vẫn được xét theo thời gian khai báo.',
  'verify.document-timestamp-valid': 'Dấu thời gian của tài liệu hợp lệ.',
  'verify.claimed-time-implausible':
    'Thời gian ký khai báo không khớp với thời hạn của chứng thư hoặc ở tương lai.',
  'verify.claimed-time-zone':
    'Thời gian ký khai báo có lẽ là giờ Việt Nam ghi thành giờ UTC (lệch 7 giờ); kết luận không đổi.',
  'verify.signature-removed': 'Tệp có dấu vết của chữ ký số đã bị gỡ bỏ.',
  'verify.later-permitted': 'Sau khi ký, tệp chỉ được thêm chữ ký hoặc dấu thời gian; nội dung không đổi.',
  'verify.signature-covers-page':
    'Một chữ ký thêm sau có hình che phần lớn trang; hãy xem bản đã ký để biết nội dung lúc ký.',
  'verify.form-filled':
    'Sau khi ký, có ô biểu mẫu được điền thêm; hãy xem bản đã ký để biết nội dung lúc ký.',
  'verify.annotations-added':
    'Sau khi ký, có chú thích được thêm vào như chữ ký chứng nhận cho phép; hãy xem bản đã ký để biết nội dung lúc ký.',
  'verify.partial-coverage': 'Chữ ký không bao trùm toàn bộ phần văn bản được ký.',
  'verify.not-baseline': 'Chữ ký theo cách viết cũ (không phải PAdES baseline); kết luận không đổi.',
  'verify.public-ca': 'Chứng thư công cộng, không phải chữ ký số chuyên dùng công vụ.',
  'verify.demo-anchor': 'Chứng thư của bộ dữ liệu mẫu, không có giá trị pháp lý.',
} as const;

export const verificationMessageCodeSchema = z.enum(
  Object.keys(verificationMessages) as [VerificationMessageCode, ...VerificationMessageCode[]],
);
export type VerificationMessageCode = keyof typeof verificationMessages;
