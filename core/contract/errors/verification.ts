import { defineErrors } from './define.ts';

/** Errors of the room `verification`. */
export const verificationErrors = defineErrors({
  'verification.certificate-missing': {
    exit: 66,
    vi: 'Không tìm thấy tệp chứng thư "{path}". Chưa có gì thay đổi; hãy kiểm tra lại đường dẫn.',
    en: 'The certificate file "{path}" was not found. Nothing was changed; check the path.',
  },
  'verification.certificate-unreadable': {
    exit: 66,
    vi: 'Tệp "{path}" không phải chứng thư số (PEM hoặc DER) đọc được. Chưa có gì thay đổi; hãy xin lại tệp từ nơi cấp.',
    en: 'The file "{path}" is not a readable certificate (PEM or DER). Nothing was changed; ask the issuer for the file again.',
  },
  'verification.list-unreadable': {
    exit: 66,
    vi: 'Tệp "{path}" không phải danh sách thu hồi (CRL, PEM hoặc DER) đọc được. Chưa có gì được kiểm tra; hãy tải lại danh sách từ cơ quan chứng thực.',
    en: 'The file "{path}" is not a readable revocation list (CRL, PEM or DER). Nothing was checked; download the list from the authority again.',
  },
  'verification.no-such-signature': {
    exit: 66,
    vi: 'Tệp không có chữ ký đọc được tên "{field}". Chưa có gì được ghi ra; hãy xem tên các chữ ký trong kết quả kiểm tra.',
    en: 'The file has no readable signature named "{field}". Nothing was written; see the names in the verification result.',
  },
  'verification.anchor-unconfirmed': {
    exit: 2,
    vi: 'Chứng thư gốc có dấu vân tay SHA-256 {fingerprint} không nằm trong danh sách đã biết. Danh sách gốc tin cậy giữ nguyên; hãy đối chiếu dấu vân tay này với cơ quan chứng thực, rồi nhập lại với --confirm {fingerprint}.',
    en: 'The authority with SHA-256 fingerprint {fingerprint} is not among the known ones. The trust list is unchanged; compare the fingerprint with the authority itself, then import again with --confirm {fingerprint}.',
  },
  'verification.anchor-unknown': {
    exit: 66,
    vi: 'Không có gốc tin cậy nào có dấu vân tay {fingerprint}. Danh sách gốc tin cậy giữ nguyên; xem danh sách bằng lệnh trust list.',
    en: 'No trust anchor has the fingerprint {fingerprint}. The trust list is unchanged; see it with trust list.',
  },
  'verification.demo-anchor-refused': {
    exit: 2,
    vi: 'Đây là chứng thư gốc của bộ dữ liệu mẫu, không được đưa vào cơ quan thật. Danh sách gốc tin cậy giữ nguyên; hãy dùng tệp gốc do cơ quan chứng thực phát hành.',
    en: 'This is the root certificate of sample data and may not enter a real agency. The trust list is unchanged; use the root file that the authority publishes.',
  },
  'verification.anchor-not-authority': {
    exit: 2,
    vi: 'Chứng thư này không phải của cơ quan chứng thực nên không dùng làm gốc tin cậy được. Danh sách gốc tin cậy giữ nguyên; hãy chọn chứng thư gốc hoặc chứng thư của cơ quan cấp.',
    en: 'This certificate does not belong to a certification authority and cannot be a trust anchor. The trust list is unchanged; choose the root or the issuing authority.',
  },
  'verification.revocation-pending': {
    exit: 69,
    vi: 'Chưa kiểm tra được trạng thái thu hồi của chứng thư. Văn bản đã vào sổ tạm thời, chưa báo tiếp nhận (03). Phần mềm sẽ tự kiểm tra lại khi có mạng.',
    en: 'The revocation state of the certificate could not be told yet. The document is registered provisionally and status 03 was not sent. It is checked again when there is a network.',
  },
  'verification.intake-revocation-pending': {
    exit: 69,
    vi: 'Chưa kiểm tra được trạng thái thu hồi của chứng thư. Văn bản vẫn ở hộp thư và có thể vào sổ tạm thời. Phần mềm sẽ tự kiểm tra lại khi có mạng.',
    en: 'The revocation state of the certificate could not be told yet. The document stays in the inbox and may be registered provisionally. It is checked again when there is a network.',
  },
  'verification.seal-revocation-pending': {
    exit: 69,
    vi: 'Chưa kiểm tra được trạng thái thu hồi của chứng thư đã ký bản lưu. Bản lưu và số đến giữ nguyên. Phần mềm sẽ tự kiểm tra lại khi có mạng.',
    en: 'The revocation state of the certificate that signed the archived file could not be told yet. File and number are kept. It is checked again when there is a network.',
  },
  'verification.seal-not-confirmed': {
    exit: 2,
    vi: 'Kiểm tra lại chữ ký của cơ quan trên bản lưu cho kết quả «{verdict}». Bản lưu và số đến giữ nguyên. Vui lòng xem chi tiết chữ ký và trạng thái chứng thư của cơ quan.',
    en: 'Checking the agency’s signature on the archived file again gave “{verdict}”. File and number are kept. Please look at the signature’s details and the state of the agency’s certificate.',
  },
  'verification.nothing-to-answer': {
    exit: 2,
    vi: 'Văn bản này không chờ quyết định báo tiếp nhận (03). Chưa có gì được gửi đi. Vui lòng xem lại trạng thái văn bản.',
    en: 'This document does not wait for a decision on status 03. Nothing was sent. Please look at its state again.',
  },
  'verification.recheck-failed': {
    exit: 2,
    vi: 'Kiểm tra lại chữ ký sau khi vào sổ tạm thời cho kết quả «{verdict}». Văn bản và số đến được giữ nguyên, chưa báo tiếp nhận (03). Vui lòng xem chi tiết chữ ký và liên hệ nơi gửi.',
    en: 'Checking the signature again after the provisional entry gave “{verdict}”. Document and number are kept, status 03 was not sent. Please look at the signature’s details and contact the sender.',
  },
});
