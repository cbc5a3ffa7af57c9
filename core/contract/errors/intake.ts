import { defineErrors } from './define.ts';

/** Errors and warnings of intake: watched folders, file types, making one PDF of a scan. */
export const intakeErrors = defineErrors({
  'intake.incomplete': {
    exit: 75,
    vi: 'Tệp «{name}» chưa ghi xong sau {minutes} phút ({reason}). Tệp vẫn nằm nguyên trong thư mục quét. Vui lòng kiểm tra máy quét hoặc quét lại.',
    en: 'The file “{name}” is still not complete after {minutes} minutes ({reason}). It stays untouched in the scan folder. Please check the scanner or scan again.',
  },
  'intake.empty-file': {
    exit: 75,
    vi: 'Tệp «{name}» không có dữ liệu (0 byte) sau {minutes} phút. Tệp vẫn nằm trong thư mục quét. Vui lòng quét lại.',
    en: 'The file “{name}” has no content (0 bytes) after {minutes} minutes. It stays in the scan folder. Please scan again.',
  },
  'intake.unreadable': {
    exit: 77,
    vi: 'Chưa đọc được tệp «{name}» ({reason}). Tệp vẫn nằm nguyên trong thư mục quét; phần mềm sẽ tự thử lại. Vui lòng đóng chương trình đang mở tệp hoặc kiểm tra quyền đọc.',
    en: 'The file “{name}” cannot be read yet ({reason}). It stays untouched in the scan folder and is tried again. Please close the program that holds it or check the right to read.',
  },
  'intake.folder-missing': {
    exit: 66,
    vi: 'Không mở được thư mục quét {path} ({reason}). Các tệp đã nhận vẫn an toàn. Vui lòng kiểm tra ổ mạng hoặc chọn lại thư mục trong Cài đặt.',
    en: 'The scan folder {path} cannot be opened ({reason}). Files already taken in are safe. Please check the network drive or choose the folder again in Settings.',
  },
  'intake.folder-holds-data': {
    exit: 64,
    vi: 'Thư mục quét {path} và thư mục dữ liệu {dataFolder} nằm trong nhau nên không được theo dõi: tệp của sổ có thể bị nhận nhầm là bản quét. Dữ liệu vẫn an toàn. Vui lòng chọn thư mục quét khác trong Cài đặt.',
    en: 'The scan folder {path} and the data folder {dataFolder} lie inside each other, so it is not watched: files of the register could be taken for scans. The data is safe. Please choose another scan folder in Settings.',
  },
  'intake.subfolder-unreadable': {
    exit: 77,
    vi: 'Không mở được thư mục con «{name}» trong thư mục quét ({reason}); các tệp trong đó chưa được nhận và vẫn nằm nguyên, các tệp khác vẫn được nhận. Vui lòng kiểm tra quyền đọc.',
    en: 'The folder “{name}” inside the scan folder cannot be opened ({reason}); files in it are not taken in and stay untouched, others are. Please check the right to read.',
  },
  'intake.shared-not-movable': {
    exit: 73,
    vi: 'Không chuyển được tệp «{name}» trong thư mục quét ({reason}), mà thư mục này còn máy khác nhận tệp, nên chưa nhận: chép ra thì văn bản có thể vào sổ hai lần. Tệp vẫn nằm nguyên. Vui lòng cấp cho máy này quyền ghi và xóa trong thư mục, hoặc chỉ để một máy nhận tệp tại đây.',
    en: 'The file “{name}” cannot be moved inside the scan folder ({reason}), and other computers take files from it, too, so it was not taken: a copy could enter a document in two registers. It stays untouched. Please grant this computer the right to write and delete there, or let one computer alone take files here.',
  },
  'intake.held-elsewhere': {
    exit: 75,
    vi: 'Tệp «{name}» trong thư mục quét đã do nơi khác nhận ({computer}, {dataFolder}) mà chưa xong. Tệp vẫn an toàn và chưa vào sổ ở máy này. Vui lòng mở Ấn Thư tại nơi đó; nếu nơi đó không dùng nữa, quản trị viên chuyển tệp từ «{path}» về lại thư mục quét.',
    en: 'The file “{name}” of the scan folder was taken elsewhere ({computer}, {dataFolder}) and is not finished. It is safe and not in this computer’s register. Please open Ấn Thư there; if that place is not used any more, an administrator moves the file from “{path}” back into the scan folder.',
  },
  'intake.held-unowned': {
    exit: 75,
    vi: 'Tệp «{name}» đã được một phiên bản trước nhận mà chưa xong, không biết của máy nào; sổ của máy này không có lần nhận đó. Tệp vẫn an toàn. Nếu không máy nào còn dùng phiên bản trước, quản trị viên chuyển tệp từ «{path}» về lại thư mục quét.',
    en: 'The file “{name}” was taken by an earlier version and is not finished; nobody can tell by which computer, and this register knows nothing of it. It is safe. If no computer uses the earlier version any more, an administrator moves it from “{path}” back into the scan folder.',
  },
  'intake.folder-overtaken': {
    exit: 75,
    vi: 'Một bản khác của cùng bộ dữ liệu này đang nhận tệp tại thư mục quét {path} (máy {computer}, {dataFolder}), nên máy này ngừng nhận tại đây; tệp đã nhận vẫn an toàn. Hai bản chạy cùng lúc sẽ cấp trùng số đến: vui lòng chỉ để một bản chạy, rồi khởi động lại bản được giữ.',
    en: 'Another copy of this very data folder takes files from the scan folder {path} (computer {computer}, {dataFolder}), so this one takes no more there; files already taken are safe. Two copies at work give the same arrival numbers twice: please let one of them run, and start that one again.',
  },
  'intake.quarantined-before': {
    exit: 2,
    vi: 'Tệp giống hệt tệp «{name}» đã bị cách ly ({reason}), nên cũng được cách ly: chưa có số đến và không gửi đi. Nếu lần trước là nhầm, vui lòng báo quản trị viên và quét lại từ bản giấy.',
    en: 'The file is the same, byte for byte, as “{name}”, which is in quarantine ({reason}), so it is quarantined, too: it has no number and is not sent. If that was a mistake, please tell the administrator and scan the paper again.',
  },
  'intake.folder-read-only': {
    exit: 73,
    vi: 'Không chuyển được tệp «{name}» trong thư mục quét ({reason}), nên phần mềm chép tệp ra và để nguyên bản gốc. Vui lòng cấp quyền ghi cho thư mục này để tệp đã nhận được dọn gọn.',
    en: 'The file “{name}” cannot be moved inside the scan folder ({reason}), so it is copied and the source left where it is. Please grant write access so that taken files are tidied away.',
  },
  'intake.claim-failed': {
    exit: 73,
    vi: 'Không nhận được tệp «{name}» ({reason}). Tệp vẫn nằm nguyên trong thư mục quét; phần mềm sẽ tự thử lại. Vui lòng kiểm tra dung lượng đĩa và quyền ghi.',
    en: 'The file “{name}” could not be taken ({reason}). It stays untouched in the scan folder and is tried again. Please check disk space and write access.',
  },
  'intake.copy-differs': {
    exit: 75,
    vi: 'Bản chép của tệp «{name}» khác bản gốc nên đã bị bỏ. Bản gốc vẫn nằm nguyên trong thư mục quét; phần mềm sẽ tự thử lại.',
    en: 'The copy of “{name}” differs from its source and was dropped. The source stays untouched in the scan folder; it is tried again.',
  },
  'intake.unsupported-type': {
    exit: 2,
    vi: 'Tệp không phải PDF, JPEG, PNG hoặc TIFF nên không thể số hóa. Tệp gốc được giữ nguyên. Vui lòng quét lại thành một trong các loại trên.',
    en: 'The file is not a PDF, JPEG, PNG or TIFF, so it cannot be taken in. The original is kept. Please scan it as one of these.',
  },
  'intake.unsupported-image': {
    exit: 2,
    vi: 'Ảnh dùng kiểu mã hóa chưa hỗ trợ ({reason}). Tệp gốc được giữ nguyên. Vui lòng đặt máy quét lưu PDF, JPEG hoặc TIFF thông dụng rồi quét lại.',
    en: 'The picture uses an encoding that is not supported ({reason}). The original is kept. Please set the scanner to common PDF, JPEG or TIFF and scan again.',
  },
  'intake.damaged-image': {
    exit: 2,
    vi: 'Ảnh bị hỏng, không đọc hết được ({reason}). Tệp gốc được giữ nguyên. Vui lòng quét lại văn bản.',
    en: 'The picture is damaged and cannot be read in full ({reason}). The original is kept. Please scan the document again.',
  },
  'intake.image-too-large': {
    exit: 2,
    vi: 'Ảnh có {width} × {height} điểm ảnh, vượt mức cho phép. Tệp gốc được giữ nguyên. Vui lòng quét lại ở 200 hoặc 300 dpi.',
    en: 'The picture has {width} × {height} pixels, more than is allowed. The original is kept. Please scan again at 200 or 300 dpi.',
  },
  'intake.too-many-pages': {
    exit: 2,
    vi: 'Tệp có hơn {limit} trang. Tệp gốc được giữ nguyên. Vui lòng tách thành nhiều tệp rồi đưa vào lại.',
    en: 'The file has more than {limit} pages. The original is kept. Please split it into several files and take them in again.',
  },
  'intake.no-pages': {
    exit: 2,
    vi: 'Tệp không có trang nào. Tệp gốc được giữ nguyên. Vui lòng quét lại văn bản.',
    en: 'The file has no page. The original is kept. Please scan the document again.',
  },
  'intake.low-resolution': {
    exit: 2,
    vi: 'Độ phân giải thấp hơn 200 dpi (trang {page}: {dpi} dpi). Tệp vẫn được nhận. Vui lòng quét lại từ 200 dpi trở lên nếu còn bản giấy.',
    en: 'The resolution is below 200 dpi (page {page}: {dpi} dpi). The file is taken in all the same. Please scan again at 200 dpi or more while the paper is at hand.',
  },
  'intake.not-colour': {
    exit: 2,
    vi: 'Không phải ảnh màu (trang {page}: {colour}). Tệp vẫn được nhận. Văn bản số hóa phải là ảnh màu; vui lòng quét lại ở chế độ màu nếu còn bản giấy.',
    en: 'Not a colour picture (page {page}: {colour}). The file is taken in all the same. A digitized document must be in colour; please scan again in colour while the paper is at hand.',
  },
  'intake.dpi-assumed': {
    exit: 2,
    vi: 'Ảnh không ghi độ phân giải đúng (trang {page}); phần mềm suy ra {dpi} dpi theo {basis}. Vui lòng xem lại khổ giấy trước khi ký.',
    en: 'The picture does not tell its true resolution (page {page}); {dpi} dpi was inferred from {basis}. Please check the paper size before signing.',
  },
  'intake.type-mismatch': {
    exit: 2,
    vi: 'Đuôi tệp là «{extension}» nhưng nội dung là {type}. Phần mềm làm theo nội dung; tên gốc được giữ lại.',
    en: 'The name ends in “{extension}” but the content is {type}. The content counts; the original name is kept.',
  },
  'intake.transparency-flattened': {
    exit: 2,
    vi: 'Ảnh có phần trong suốt (trang {page}), đã được đặt trên nền trắng. Tệp gốc được giữ nguyên.',
    en: 'The picture has transparent parts (page {page}); they were put on white. The original is kept.',
  },
  'intake.colour-converted': {
    exit: 2,
    vi: 'Màu của ảnh (trang {page}) được chuyển sang RGB. Tệp gốc được giữ nguyên.',
    en: 'The colours of the picture (page {page}) were converted to RGB. The original is kept.',
  },
});
