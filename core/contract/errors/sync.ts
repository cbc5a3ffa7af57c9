import { defineErrors } from './define.ts';

/** Errors of the room `sync`. */
export const syncErrors = defineErrors({
  'sync.server-away': {
    exit: 69,
    vi: 'Chưa liên lạc được với hệ thống của tỉnh ({reason}). Văn bản vẫn an toàn trong hàng đợi và sẽ tự gửi lại. Vui lòng kiểm tra mạng nếu tình trạng kéo dài.',
    en: 'The provincial system cannot be reached ({reason}). The documents are safe in the queue and are sent again by themselves. Check the network if this lasts.',
  },
  'sync.server-untrusted': {
    exit: 75,
    vi: 'Không xác minh được chứng thư của máy chủ tỉnh ({reason}). Chưa gửi gì, kể cả khóa kết nối; văn bản vẫn an toàn trong hàng đợi. Vui lòng kiểm tra ngày giờ của máy, mạng đang dùng và chứng thư gốc trong phần Cài đặt.',
    en: 'The certificate of the provincial server cannot be verified ({reason}). Nothing was sent, not even the secret; the documents are safe in the queue. Check the clock of this computer, the network in use and the root certificate in the settings.',
  },
  'sync.server-busy': {
    exit: 75,
    vi: 'Hệ thống của tỉnh đang bận hoặc gặp lỗi (HTTP {status}). Văn bản vẫn an toàn trong hàng đợi và sẽ tự gửi lại sau {retryAfterSeconds} giây.',
    en: 'The provincial system is busy or failing (HTTP {status}). The documents are safe in the queue and are sent again in {retryAfterSeconds} seconds.',
  },
  'sync.server-nonsense': {
    exit: 75,
    vi: 'Hệ thống của tỉnh trả lời không đúng quy cách ({reason}). Văn bản vẫn an toàn trong hàng đợi, chưa coi là đã gửi. Nếu lặp lại, vui lòng báo đơn vị quản trị hệ thống của tỉnh.',
    en: 'The provincial system gave an answer that makes no sense ({reason}). The documents are safe in the queue and do not count as sent. If it happens again, tell the operators of the provincial system.',
  },
  'sync.refused': {
    exit: 77,
    vi: 'Hệ thống của tỉnh từ chối ({serverCode}: {reason}). Văn bản vẫn an toàn tại đơn vị, chưa được gửi. Vui lòng sửa theo lý do nêu trên rồi gửi lại.',
    en: 'The provincial system refused ({serverCode}: {reason}). The document is safe here and has not been sent. Please put right what the reason names and send again.',
  },
  'sync.not-authorised': {
    exit: 77,
    vi: 'Hệ thống của tỉnh không chấp nhận mã kết nối của đơn vị. Văn bản vẫn an toàn trong hàng đợi. Vui lòng kiểm tra mã đơn vị và khóa kết nối trong phần Cài đặt.',
    en: 'The provincial system does not accept the connection secret of this office. The documents are safe in the queue. Check the office code and the secret in the settings.',
  },
  'sync.conflict': {
    exit: 77,
    vi: 'Hệ thống của tỉnh đã nhận thao tác {operationId} với nội dung khác ({reason}). Không có gì bị ghi đè ở cả hai phía. Vui lòng so sánh hai nội dung rồi quyết định.',
    en: 'The provincial system already holds operation {operationId} with another content ({reason}). Nothing was overwritten on either side. Please compare the two and decide.',
  },
  'sync.wrong-receipt': {
    exit: 75,
    vi: 'Biên nhận của hệ thống tỉnh không khớp với thao tác {operationId} ({reason}). Văn bản vẫn an toàn và chưa coi là đã gửi. Vui lòng báo đơn vị quản trị hệ thống của tỉnh.',
    en: 'The receipt of the provincial system does not match operation {operationId} ({reason}). The document is safe and does not count as sent. Please tell the operators of the provincial system.',
  },
  'sync.object-changed': {
    exit: 2,
    vi: 'Tệp lưu trữ {sha256} không còn khớp với mã băm đã ghi ({reason}). Tệp này không được gửi đi. Vui lòng chạy kiểm tra kho lưu trữ và khôi phục từ bản sao lưu.',
    en: 'The stored file {sha256} no longer matches its recorded hash ({reason}). It is not sent. Please run the archive check and restore it from a backup.',
  },
  'sync.hash-mismatch': {
    exit: 75,
    vi: 'Dữ liệu tải từ hệ thống của tỉnh bị sai lệch (cần {expected}, nhận {actual}). Phần tải lỗi đã bỏ, dữ liệu tại đơn vị không bị ảnh hưởng; phần mềm sẽ tải lại.',
    en: 'What was downloaded from the provincial system differs from what was announced (expected {expected}, got {actual}). It was thrown away, nothing here is affected, and it is fetched again.',
  },
  'sync.edxml-invalid': {
    exit: 2,
    vi: 'Gói tin edXML không đúng quy cách ({reason}). Gói gốc được giữ nguyên, chưa có gì vào sổ. Vui lòng báo đơn vị gửi hoặc từ chối tiếp nhận (mã 02).',
    en: 'The edXML package is not in order ({reason}). The package is kept as it came and nothing was registered. Please tell the sender or refuse it (status 02).',
  },
  'sync.edxml-hostile': {
    exit: 2,
    vi: 'Gói tin edXML có dấu hiệu tấn công hoặc vượt giới hạn an toàn ({reason}). Gói đã bị chặn, chưa có gì được mở hay vào sổ. Vui lòng báo bộ phận an toàn thông tin.',
    en: 'The edXML package looks like an attack or is beyond the safe limits ({reason}). It was stopped, nothing was opened or registered. Please tell your information security staff.',
  },
  'sync.inbox-item-malformed': {
    exit: 75,
    vi: 'Danh sách văn bản đến của hệ thống tỉnh có {count} mục không đúng quy cách (mục đầu: {id}; {reason}) nên chưa tải được. Các văn bản khác vẫn được nhận, không có gì bị mất; phần mềm sẽ hỏi lại các mục này. Vui lòng báo đơn vị quản trị hệ thống của tỉnh.',
    en: 'The province’s list of what waits for this office holds entries that make no sense and could not be fetched: {count} (the first: {id}; {reason}). All others are taken in and nothing is lost; these are asked for again. Please tell the operators of the provincial system.',
  },
  'sync.no-account': {
    exit: 69,
    vi: 'Cơ quan chưa có tài khoản trên hệ thống của tỉnh nên văn bản chưa được đưa vào hàng đợi gửi. Văn bản đã ký và lưu trữ an toàn; sẽ tự vào hàng đợi khi có tài khoản.',
    en: 'The office has no account at the province yet, so the document is not queued for sending. It is signed and archived; it is queued by itself once there is an account.',
  },
});
