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
  'sync.no-secret': {
    exit: 69,
    vi: 'Chưa có khóa kết nối của cơ quan với hệ thống của tỉnh (tệp server-secret) nên gói qua USB không niêm phong hay kiểm tra được. Hàng đợi không bị ảnh hưởng. Vui lòng lấy khóa của đơn vị quản trị hệ thống của tỉnh và đặt vào thư mục dữ liệu.',
    en: 'The secret of this office’s account at the province (the file server-secret) is missing, so packages on removable media can be neither sealed nor checked. The queue is unaffected. Please get the secret from the operators of the provincial system and put it into the data folder.',
  },
  'sync.media-none': {
    exit: 66,
    vi: 'Không thấy gói trả lời của tỉnh trong {path}. Chưa có gì được nhập. Vui lòng kiểm tra ổ hoặc thư mục đã chọn; gói có tên bắt đầu bằng «an-thu-tra-».',
    en: 'No answer package of the province was found in {path}. Nothing was imported. Please check the drive or folder; a package’s name begins with “an-thu-tra-”.',
  },
  'sync.media-foreign': {
    exit: 2,
    vi: 'Gói {path} là của cơ quan khác ({officeId}). Chưa có gì trong gói được nhập. Vui lòng trả gói cho đúng cơ quan.',
    en: 'The package {path} belongs to another office ({officeId}). Nothing of it was imported. Please return it to that office.',
  },
  'sync.media-unproven': {
    exit: 2,
    vi: 'Niêm phong của gói {path} không đúng: gói đã bị thay đổi hoặc không được lập bằng khóa kết nối của cơ quan này. Chưa có gì trong gói được nhập. Vui lòng đề nghị lập lại gói; nếu lặp lại, báo bộ phận an toàn thông tin.',
    en: 'The seal of the package {path} does not fit: it was changed on the way or not made with this office’s secret. Nothing of it was imported. Please ask for it to be made again; if it happens again, tell your information security staff.',
  },
  'sync.media-damaged': {
    exit: 2,
    vi: 'Gói hoặc tệp {path} không dùng được: {reason}. Không có gì trong phần hỏng được nhập; hàng đợi vẫn giữ mọi mục chưa có biên nhận. Vui lòng chép lại từ nơi lập gói rồi nhập lại.',
    en: 'The package or file {path} cannot be used: {reason}. Nothing of the damaged part was imported; the queue keeps everything without a receipt. Please copy it again from where it was made and import it again.',
  },
  'sync.media-unknown-operation': {
    exit: 75,
    vi: 'Gói trả lời nói đến thao tác {operationId} mà hàng đợi của máy này không có. Các mục khác vẫn được nhập. Thường là do dữ liệu vừa được phục hồi từ bản sao lưu, hoặc gói được lập cho máy khác của cơ quan.',
    en: 'The answer names operation {operationId}, which the queue of this computer does not have. Everything else was imported. Usually the data was just restored from a backup, or the package was made for another computer of the office.',
  },
});
