import { defineErrors } from './define.ts';

/** Errors of the room `store`: database, object folder, data folder. */
export const storeErrors = defineErrors({
  'store.busy': {
    exit: 75,
    vi: 'Thư mục dữ liệu {path} đang được một phiên Ấn Thư khác sử dụng. Dữ liệu không bị ảnh hưởng. Vui lòng đóng phiên kia rồi thử lại.',
    en: 'The data folder {path} is in use by another Ấn Thư. Data is unaffected. Please close the other one and try again.',
  },
  'store.no-data': {
    exit: 66,
    vi: 'Thư mục {path} chưa có dữ liệu của cơ quan nào. Chưa có gì được thay đổi. Vui lòng khởi tạo bằng lệnh «an-thu agency init».',
    en: 'The folder {path} holds no agency’s data yet. Nothing was changed. Please set it up with “an-thu agency init”.',
  },
  'store.exists': {
    exit: 73,
    vi: 'Thư mục {path} đã có dữ liệu của một cơ quan nên không khởi tạo lại. Dữ liệu cũ được giữ nguyên.',
    en: 'The folder {path} already holds an agency’s data and was not set up again. The old data is untouched.',
  },
  'store.not-durable': {
    exit: 70,
    vi: 'Cơ sở dữ liệu không mở được ở chế độ ghi bền vững ({reason}). Phần mềm dừng để không mất dữ liệu. Vui lòng báo bộ phận kỹ thuật.',
    en: 'The database did not open in its durable mode ({reason}). The program stops so that nothing is lost. Please tell support.',
  },
  'store.newer-version': {
    exit: 70,
    vi: 'Dữ liệu được tạo bởi phiên bản mới hơn (lược đồ {found}, phiên bản này hiểu đến {known}). Dữ liệu được giữ nguyên. Vui lòng cập nhật phần mềm.',
    en: 'The data was made by a newer version (schema {found}, this one knows up to {known}). It is untouched. Please update the program.',
  },
  'store.damaged': {
    exit: 2,
    vi: 'Cơ sở dữ liệu bị hỏng hoặc không phải của Ấn Thư ({reason}). Phần mềm không ghi gì thêm. Vui lòng phục hồi từ bản sao lưu.',
    en: 'The database is damaged or not Ấn Thư’s ({reason}). Nothing more is written. Please restore a backup.',
  },
  'store.row-damaged': {
    exit: 2,
    vi: 'Một phần của mục này trong cơ sở dữ liệu bị hỏng ({part}) nên không đọc được. Các mục khác không bị ảnh hưởng, không có gì bị xóa. Vui lòng báo quản trị viên kiểm tra ổ đĩa và bản sao lưu («an-thu backup verify»).',
    en: 'A part of this entry in the database is damaged ({part}) and cannot be read. Other entries are unaffected and nothing was deleted. Please ask the administrator to check the disk and the backups (“an-thu backup verify”).',
  },
  'store.disk-full': {
    exit: 73,
    vi: 'Ổ đĩa không đủ chỗ trống (cần {needed} byte, còn {free} byte). Tệp gốc vẫn an toàn trong hộp thư. Vui lòng giải phóng chỗ trống rồi thử lại.',
    en: 'The disk is full ({needed} bytes needed, {free} free). The original file is safe in the inbox. Please free some space and try again.',
  },
  'store.cannot-write': {
    exit: 73,
    vi: 'Không ghi được vào {path} ({reason}). Tệp gốc vẫn an toàn. Vui lòng kiểm tra quyền ghi và ổ đĩa.',
    en: 'Cannot write to {path} ({reason}). The original file is safe. Please check the permissions and the disk.',
  },
  'store.file-in-use': {
    exit: 75,
    vi: 'Tệp {path} đang bị chương trình khác giữ (thường là phần mềm diệt vi-rút hoặc cửa sổ xem tệp). Chưa có gì bị mất. Vui lòng đóng chương trình đó rồi thử lại.',
    en: 'Another program holds {path} (often a virus scanner or a viewer). Nothing is lost. Please close that program and try again.',
  },
  'store.network-folder': {
    exit: 73,
    vi: 'Thư mục dữ liệu {path} nằm trên máy khác ({where}). Sổ và hàng đợi phải nằm trên ổ đĩa của chính máy này, nếu không có thể hỏng khi mất mạng. Chưa có gì được thay đổi. Vui lòng chọn thư mục trên ổ đĩa trong máy; thư mục quét thì vẫn đặt trên mạng được.',
    en: 'The data folder {path} lies on another machine ({where}). Register and queue must lie on a disk of this machine, or a lost line could damage them. Nothing was changed. Please choose a folder on a local disk; scan folders may well lie on the network.',
  },
  'store.path-too-long': {
    exit: 73,
    vi: 'Đường dẫn thư mục dữ liệu {path} quá dài ({length} ký tự, tối đa {maximum}). Chưa có gì được thay đổi. Vui lòng chọn thư mục gần gốc ổ đĩa hơn.',
    en: 'The path of the data folder {path} is too long ({length} characters, at most {maximum}). Nothing was changed. Please choose a folder nearer to the root of the disk.',
  },
  'store.no-such-folder': {
    exit: 73,
    vi: 'Không có thư mục {path} để ghi. Chưa có gì được ghi hay thay đổi. Vui lòng kiểm tra ổ đã cắm chưa và đường dẫn.',
    en: 'There is no folder {path} to write to. Nothing was written or changed. Please check that the drive is plugged in, and the path.',
  },
  'store.folder-exists': {
    exit: 73,
    vi: 'Thư mục {path} đã có sẵn nên không ghi đè. Chưa có gì được ghi hay thay đổi. Vui lòng thử lại sau một phút hoặc chọn nơi khác.',
    en: 'The folder {path} exists and was not overwritten. Nothing was written or changed. Please try again in a minute, or choose another place.',
  },
  'store.folder-full': {
    exit: 73,
    vi: '{path} không đủ chỗ trống cho cả gói (còn {free} byte). Gói chưa được tạo và không để lại phần dở dang; dữ liệu và hàng đợi của cơ quan không bị ảnh hưởng. Vui lòng giải phóng chỗ trống hoặc dùng ổ khác rồi chạy lại.',
    en: '{path} has no room for the whole package ({free} bytes free). The package was not made and nothing half-done stays there; data and queue of the office are unaffected. Please free some space or use another drive and run it again.',
  },
  'store.folder-write-failed': {
    exit: 73,
    vi: 'Không ghi được gói vào {path} ({reason}). Không có gói nào được coi là đã tạo; dữ liệu và hàng đợi của cơ quan không bị ảnh hưởng. Vui lòng kiểm tra ổ có còn cắm, có bị khóa ghi hay hỏng không, rồi chạy lại.',
    en: 'The package could not be written to {path} ({reason}). Nothing counts as made; data and queue of the office are unaffected. Please check that the drive is plugged in, not write-protected and sound, and run it again.',
  },
  'store.object-missing': {
    exit: 2,
    vi: 'Thiếu tệp lưu trữ {sha256}. Các tệp khác không bị ảnh hưởng. Vui lòng phục hồi tệp này từ bản sao lưu.',
    en: 'The stored file {sha256} is missing. Other files are unaffected. Please restore it from a backup.',
  },
  'store.object-changed': {
    exit: 2,
    vi: 'Tệp lưu trữ {sha256} không còn đúng nội dung đã ghi. Tệp hỏng không được dùng hay gửi đi. Vui lòng phục hồi từ bản sao lưu.',
    en: 'The stored file {sha256} no longer holds what was written. It is neither used nor sent. Please restore it from a backup.',
  },
  'store.object-unreadable': {
    exit: 2,
    vi: 'Không đọc được tệp lưu trữ {sha256} ({reason}). Tệp không bị thay đổi và không được dùng hay gửi đi; các tệp khác không bị ảnh hưởng. Vui lòng kiểm tra ổ đĩa và quyền đọc; nếu tệp đã hỏng, phục hồi từ bản sao lưu.',
    en: 'The stored file {sha256} cannot be read ({reason}). It was not changed and is neither used nor sent; other files are unaffected. Please check the disk and the permissions; if the file is damaged, restore it from a backup.',
  },
});
