import { defineErrors } from './define.ts';

/** Errors of the room `reading`. */
export const readingErrors = defineErrors({
  'reading.unreadable-pdf': {
    exit: 66,
    vi: 'Không mở được tệp PDF để đọc nội dung (tệp hỏng, quá lớn hoặc không còn ở chỗ cũ). Tệp gốc vẫn được giữ nguyên; vui lòng quét lại hoặc nhập các trường bằng tay.',
    en: 'The PDF cannot be opened for reading (damaged, too large or gone). The original file is kept as it is; please scan it again or type the fields.',
  },
  'reading.encrypted-pdf': {
    exit: 66,
    vi: 'Tệp PDF đặt mật khẩu nên không đọc được nội dung. Tệp gốc vẫn được giữ nguyên; vui lòng xin bản không đặt mật khẩu hoặc quét từ bản giấy.',
    en: 'The PDF is protected by a password and cannot be read. The original file is kept as it is; please ask for an unprotected copy or scan the paper.',
  },
  'reading.no-such-page': {
    exit: 66,
    vi: 'Tệp chỉ có {pages} trang, không có trang {page}. Chưa có gì được thay đổi. Vui lòng chọn trang khác.',
    en: 'The file has {pages} pages and no page {page}. Nothing was changed. Please choose another page.',
  },
  'reading.unreadable-page': {
    exit: 66,
    vi: 'Trang {page} của tệp bị hỏng nên không dựng được hình. Tệp gốc vẫn được giữ nguyên; vui lòng quét lại trang này hoặc nhập các trường bằng tay.',
    en: 'Page {page} of the file is damaged and cannot be shown. The original file is kept as it is; please scan this page again or type the fields.',
  },
  'reading.page-too-large': {
    exit: 66,
    vi: 'Trang quá lớn để dựng hình ({width} × {height} điểm ảnh). Tệp gốc vẫn được giữ nguyên; vui lòng quét lại với khổ giấy đúng hoặc nhập các trường bằng tay.',
    en: 'The page is too large to be rendered ({width} × {height} pixels). The original file is kept as it is; please scan it at its true size or type the fields.',
  },
  'reading.engine-unavailable': {
    exit: 69,
    vi: 'Bộ nhận dạng chữ không khởi động được ({reason}). Văn bản vẫn an toàn và vẫn đăng ký được: vui lòng nhập các trường bằng tay và báo bộ phận kỹ thuật.',
    en: 'Text recognition cannot start ({reason}). The document is safe and can still be registered: please type the fields and tell technical support.',
  },
  'reading.unlikely-date': {
    exit: 2,
    vi: 'Ngày văn bản đọc được không hợp lý (ở tương lai, quá một năm hoặc chữ mờ): vui lòng kiểm tra lại.',
    en: 'The date that was read is unlikely (in the future, more than a year ago, or blurred): please check it.',
  },
  'reading.other-recipient': {
    exit: 2,
    vi: 'Không thấy tên cơ quan mình ở mục Kính gửi: có thể văn bản gửi sai nơi nhận.',
    en: 'Our agency is not among those addressed: the document may have gone to the wrong place.',
  },
  'reading.not-read': {
    exit: 2,
    vi: 'Trang đầu chưa đọc được nên chưa tìm dấu chỉ độ mật: vui lòng tự xem văn bản trước khi vào sổ. Văn bản mật không được đăng ký tại đây.',
    en: 'The first page was not read, so no secrecy mark was looked for: please look at the document yourself before registering it. Secret documents are not registered here.',
  },
  'reading.secrecy-mark': {
    exit: 2,
    vi: 'Văn bản mật: đăng ký tại sổ riêng, không số hóa, không gửi qua hệ thống. Đã thấy dấu chỉ độ mật ({level}); tệp đã được cách ly, chưa cấp số và chưa gửi đi đâu. Vui lòng báo người phụ trách để xóa bản quét theo quy định.',
    en: 'State secret: to be entered in the separate register, never digitised, never sent through the system. A secrecy mark was seen ({level}); the file is in quarantine, has no number and went nowhere. Please tell the person in charge so that the scan is purged.',
  },
});
