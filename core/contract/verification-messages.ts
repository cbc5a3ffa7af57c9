import { z } from 'zod';

/**
 * The clerk's words for what verification found, in both languages; a report keeps the Vietnamese ones. The first
 * group is the table of domain/vietnam.md §3.4, one code a row; the second names the finer reasons.
 */
export const verificationMessages = {
  // ------------------------------------------------ domain/vietnam.md §3.4
  'verify.valid-with-timestamp': {
    vi: 'Chữ ký hợp lệ tại thời điểm ký (có dấu thời gian).',
    en: 'The signature was valid when it was made (with a timestamp).',
  },
  'verify.valid-claimed-time': {
    vi: 'Chữ ký hợp lệ; thời gian ký do máy người ký khai báo.',
    en: 'The signature is valid; its time is what the signer’s computer says.',
  },
  'verify.certificate-ended-without-timestamp': {
    vi: 'Không chứng minh được chữ ký được tạo khi chứng thư còn hiệu lực.',
    en: 'It cannot be proved that the signature was made while the certificate was in force.',
  },
  'verify.revocation-unchecked': {
    vi: 'Chưa kiểm tra được trạng thái thu hồi. Sẽ kiểm tra lại khi có mạng.',
    en: 'The revocation state could not be checked yet. It is checked again once there is a network.',
  },
  'verify.issuer-unknown': {
    vi: 'Không nhận ra cơ quan cấp chứng thư.',
    en: 'The issuer of the certificate is not recognised.',
  },
  'verify.changed-after-signing': {
    vi: 'Văn bản đã bị thay đổi sau khi ký.',
    en: 'The document was changed after it was signed.',
  },
  'verify.certificate-invalid-when-signed': {
    vi: 'Chứng thư không còn hiệu lực khi ký.',
    en: 'The certificate was no longer in force when the document was signed.',
  },
  'verify.agency-signature-missing': {
    vi: 'Thiếu chữ ký số của cơ quan.',
    en: 'The agency’s signature is missing.',
  },
  'verify.leader-signature-missing': {
    vi: 'Thiếu chữ ký số của người có thẩm quyền.',
    en: 'The signature of the person in authority is missing.',
  },
  'verify.unsigned': {
    vi: 'Văn bản không có chữ ký số: chỉ có giá trị tham khảo cho đến khi nhận bản giấy hoặc bản ký số.',
    en: 'The document has no digital signature: it is for reference only until the paper or a signed file arrives.',
  },

  // ------------------------------------------------ finer reasons
  'verify.revocation-no-source': {
    vi: 'Chưa kiểm tra được trạng thái thu hồi: chứng thư không ghi nơi tra cứu, nên chờ mạng cũng không biết thêm.',
    en: 'The revocation state could not be checked: the certificate names nowhere to ask, so waiting for the network will tell no more.',
  },
  'verify.package-unsigned': {
    vi: 'Gói văn bản điện tử không có chữ ký của bên gửi; giá trị pháp lý dựa vào chữ ký số trên tệp PDF.',
    en: 'The e-document package is not signed by its sender; the legal value rests on the signatures in the PDF.',
  },
  'verify.package-changed': {
    vi: 'Gói văn bản điện tử đã bị thay đổi sau khi bên gửi ký.',
    en: 'The e-document package was changed after its sender signed it.',
  },
  'verify.package-unreadable': {
    vi: 'Không đọc được cấu trúc gói văn bản điện tử, nên không kiểm tra được chữ ký của gói.',
    en: 'The structure of the e-document package cannot be read, so its signature could not be checked.',
  },
  'verify.xml-malformed': {
    vi: 'Chữ ký của gói văn bản điện tử sai cấu trúc, không dùng để xác nhận gói được.',
    en: 'The signature of the e-document package is malformed and confirms nothing.',
  },
  'verify.xml-unsupported': {
    vi: 'Chữ ký của gói dùng cách ký hoặc thuật toán mà phần mềm không chấp nhận, nên chưa kết luận được.',
    en: 'The signature of the package uses a method or an algorithm that is not accepted here, so there is no conclusion.',
  },
  'verify.xml-data-missing': {
    vi: 'Không tìm thấy phần mà chữ ký của gói nói đến.',
    en: 'What the signature of the package speaks of cannot be found.',
  },
  'verify.xml-partial': {
    vi: 'Chữ ký của gói không bao trùm hết thông tin văn bản và tệp đính kèm, nên không dùng để xác nhận gói được.',
    en: 'The signature of the package does not cover all of the document’s data and attachments, so it does not confirm the package.',
  },
  'verify.xml-judges-differ': {
    vi: 'Hai bộ kiểm tra độc lập không thống nhất về chữ ký của gói, nên chưa kết luận được.',
    en: 'Two independent checks disagree about the signature of the package, so there is no conclusion.',
  },
  'verify.unreadable': {
    vi: 'Không đọc được cấu trúc tệp PDF, nên không kiểm tra được chữ ký.',
    en: 'The structure of the PDF cannot be read, so its signatures could not be checked.',
  },
  'verify.structure-ambiguous': {
    vi: 'Tệp có chỗ sai cấu trúc mà mỗi phần mềm có thể hiển thị một khác, nên chưa kết luận được người ký đã thấy gì.',
    en: 'The file is malformed in a way that programs may show differently, so it cannot be told what the signer saw.',
  },
  'verify.judgement-damaged': {
    vi: 'Kết quả của lần kiểm tra này bị hỏng trong cơ sở dữ liệu nên không đọc được; tệp không bị ảnh hưởng. Vui lòng kiểm tra lại chữ ký.',
    en: 'The result of this check is damaged in the database and cannot be read; the file is unaffected. Please check the signatures again.',
  },
  'verify.limit-reached': {
    vi: 'Tệp vượt giới hạn kiểm tra, nên chưa kết luận được.',
    en: 'The file is beyond the limits of the check, so there is no conclusion.',
  },
  'verify.signature-malformed': {
    vi: 'Chữ ký sai cấu trúc, không dùng để xác nhận văn bản được.',
    en: 'The signature is malformed and confirms nothing.',
  },
  'verify.signature-value-wrong': {
    vi: 'Giá trị chữ ký không khớp với chứng thư của người ký.',
    en: 'The signature value does not fit the signer’s certificate.',
  },
  'verify.signing-certificate-missing': {
    vi: 'Trong chữ ký không có chứng thư của người ký.',
    en: 'The signature holds no certificate of its signer.',
  },
  'verify.signing-certificate-unbound': {
    vi: 'Chữ ký không ràng buộc với chứng thư của người ký.',
    en: 'The signature is not bound to the signer’s certificate.',
  },
  'verify.signing-certificate-mismatch': {
    vi: 'Chứng thư đi kèm không phải chứng thư đã được ký cùng.',
    en: 'The certificate that came with the signature is not the one that was signed with it.',
  },
  'verify.key-usage-unfit': {
    vi: 'Chứng thư không được cấp để ký số.',
    en: 'The certificate was not issued for signing.',
  },
  'verify.chain-broken': {
    vi: 'Đường dẫn chứng thực không hợp lệ.',
    en: 'The certification path is not valid.',
  },
  'verify.not-yet-valid': {
    vi: 'Chứng thư chưa có hiệu lực vào thời điểm ký.',
    en: 'The certificate was not yet in force at the time of signing.',
  },
  'verify.revoked': {
    vi: 'Chứng thư đã bị thu hồi trước thời điểm ký.',
    en: 'The certificate was revoked before the time of signing.',
  },
  'verify.authority-revoked': {
    vi: 'Chứng thư của cơ quan cấp chứng thư đã bị thu hồi.',
    en: 'The certificate of the issuing authority was revoked.',
  },
  'verify.timestamp-authority-revoked': {
    vi: 'Chứng thư của nơi cấp dấu thời gian đã bị thu hồi, nên dấu thời gian không được dùng làm thời gian ký.',
    en: 'The certificate of the timestamp’s issuer was revoked, so the timestamp does not count as the time of signing.',
  },
  'verify.timestamp-order': {
    vi: 'Các dấu thời gian trong tệp mâu thuẫn nhau về thứ tự.',
    en: 'The timestamps in the file contradict one another in their order.',
  },
  'verify.algorithm-weak': {
    vi: 'Chữ ký dùng thuật toán không còn an toàn.',
    en: 'The signature uses an algorithm that is no longer safe.',
  },
  'verify.algorithm-not-listed': {
    vi: 'Chữ ký đúng về mật mã nhưng dùng thuật toán (EdDSA) không có trong danh mục dùng cho chữ ký số công vụ; hãy hỏi lại nơi gửi.',
    en: 'The signature is cryptographically right but uses an algorithm (EdDSA) that is not on the list for official signatures; please ask the sender.',
  },
  'verify.algorithm-unsupported': {
    vi: 'Chữ ký dùng thuật toán mà phần mềm không hỗ trợ.',
    en: 'The signature uses an algorithm that is not supported.',
  },
  'verify.timestamp-invalid': {
    vi: 'Dấu thời gian trong chữ ký không hợp lệ, nên không được dùng làm thời gian ký.',
    en: 'The timestamp in the signature is not valid, so it does not count as the time of signing.',
  },
  'verify.timestamp-untrusted': {
    vi: 'Dấu thời gian còn nguyên vẹn nhưng máy này không nhận ra nơi cấp, nên không được dùng làm thời gian ký; nếu biết rõ nơi cấp, hãy nhờ quản trị thêm gốc tin cậy của dấu thời gian rồi kiểm tra lại.',
    en: 'The timestamp is intact but this machine does not recognise its issuer, so it does not count as the time of signing; if the issuer is well known to you, have the administrator add its timestamp anchor and check again.',
  },
  'verify.timestamp-weak': {
    vi: 'Dấu thời gian dùng thuật toán yếu, nên không được dùng làm thời gian ký; chữ ký vẫn được xét theo thời gian khai báo.',
    en: 'The timestamp uses a weak algorithm, so it does not count as the time of signing; the signature is judged by the time it claims.',
  },
  'verify.document-timestamp-valid': {
    vi: 'Dấu thời gian của tài liệu hợp lệ.',
    en: 'The document timestamp is valid.',
  },
  'verify.claimed-time-implausible': {
    vi: 'Thời gian ký khai báo không khớp với thời hạn của chứng thư hoặc ở tương lai.',
    en: 'The claimed time of signing does not fit the life of the certificate or lies in the future.',
  },
  'verify.claimed-time-zone': {
    vi: 'Thời gian ký khai báo có lẽ là giờ Việt Nam ghi thành giờ UTC (lệch 7 giờ); kết luận không đổi.',
    en: 'The claimed time of signing is probably Vietnamese time written as UTC (7 hours off); the conclusion stays the same.',
  },
  'verify.signature-removed': {
    vi: 'Tệp có dấu vết của chữ ký số đã bị gỡ bỏ.',
    en: 'The file bears traces of a signature that was removed.',
  },
  'verify.later-permitted': {
    vi: 'Sau khi ký, tệp chỉ được thêm chữ ký hoặc dấu thời gian; nội dung không đổi.',
    en: 'After signing, only signatures or timestamps were added; the content did not change.',
  },
  'verify.signature-covers-page': {
    vi: 'Một chữ ký thêm sau có hình che phần lớn trang; hãy xem bản đã ký để biết nội dung lúc ký.',
    en: 'A signature added later covers most of a page; look at the signed revision to see what was signed.',
  },
  'verify.form-filled': {
    vi: 'Sau khi ký, có ô biểu mẫu được điền thêm; hãy xem bản đã ký để biết nội dung lúc ký.',
    en: 'Form fields were filled in after signing; look at the signed revision to see what was signed.',
  },
  'verify.annotations-added': {
    vi: 'Sau khi ký, có chú thích được thêm vào như chữ ký chứng nhận cho phép; hãy xem bản đã ký để biết nội dung lúc ký.',
    en: 'Annotations were added after signing, as the certifying signature permits; look at the signed revision to see what was signed.',
  },
  'verify.partial-coverage': {
    vi: 'Chữ ký không bao trùm toàn bộ phần văn bản được ký.',
    en: 'The signature does not cover all of what was signed.',
  },
  'verify.not-baseline': {
    vi: 'Chữ ký theo cách viết cũ (không phải PAdES baseline); kết luận không đổi.',
    en: 'The signature is written in the older way (not PAdES baseline); the conclusion stays the same.',
  },
  'verify.public-ca': {
    vi: 'Chứng thư công cộng, không phải chữ ký số chuyên dùng công vụ.',
    en: 'A public certificate, not one of the government’s own.',
  },
  'verify.demo-anchor': {
    vi: 'Chứng thư của bộ dữ liệu mẫu, không có giá trị pháp lý.',
    en: 'A certificate of the sample data, without legal value.',
  },
} as const satisfies Record<string, { readonly vi: string; readonly en: string }>;

export const verificationMessageCodeSchema = z.enum(
  Object.keys(verificationMessages) as [VerificationMessageCode, ...VerificationMessageCode[]],
);
export type VerificationMessageCode = keyof typeof verificationMessages;
