import { defineErrors } from './define.ts';

/** Errors of the room `backup`: making, checking and restoring backup sets. */
export const backupErrors = defineErrors({
  'backup.no-target': {
    exit: 66,
    vi: 'Không thấy thư mục sao lưu của Ấn Thư tại {path}. Chưa có gì được ghi. Vui lòng kiểm tra ổ đĩa đã cắm chưa; nếu là lần sao lưu đầu tiên vào đây, thêm --new.',
    en: 'There is no backup folder of Ấn Thư at {path}. Nothing was written. Please check that the drive is plugged in; for the first backup there, add --new.',
  },
  'backup.target-not-empty': {
    exit: 73,
    vi: 'Thư mục {path} đã có tệp khác nên không bắt đầu sao lưu vào đó. Chưa có gì được ghi. Vui lòng chọn một thư mục mới hoặc trống.',
    en: 'The folder {path} holds other files, so no backup was begun there. Nothing was written. Please choose a new or empty folder.',
  },
  'backup.other-agency': {
    exit: 73,
    vi: 'Thư mục {path} đang giữ bản sao lưu của {name} ({organId}), không phải của dữ liệu này. Chưa có gì được ghi. Vui lòng chọn thư mục khác.',
    en: 'The folder {path} holds backups of {name} ({organId}), not of this data. Nothing was written. Please choose another folder.',
  },
  'backup.inside-data': {
    exit: 73,
    vi: 'Thư mục sao lưu {path} và thư mục dữ liệu nằm trong nhau, hỏng một là mất cả hai. Chưa có gì được ghi. Vui lòng chọn thư mục trên ổ đĩa khác.',
    en: 'The backup folder {path} and the data folder lie in one another and would be lost together. Nothing was written. Please choose a folder on another disk.',
  },
  'backup.target-full': {
    exit: 73,
    vi: 'Ổ sao lưu {path} không đủ chỗ trống. Bộ đang tạo đã bỏ; các bộ trước và dữ liệu của cơ quan còn nguyên. Vui lòng giải phóng chỗ, dùng --keep để giữ ít bộ hơn, hoặc dùng ổ khác.',
    en: 'The backup drive {path} has not enough room. The set under way was dropped; earlier sets and the office’s data are untouched. Please free some space, keep fewer sets with --keep, or take another drive.',
  },
  'backup.target-failed': {
    exit: 73,
    vi: 'Ổ sao lưu không ghi hoặc không đọc được tại {path} ({reason}). Bộ đang tạo không được tính; các bộ trước và dữ liệu của cơ quan còn nguyên. Vui lòng kiểm tra ổ đĩa, dây cắm và quyền ghi rồi chạy lại.',
    en: 'The backup drive could not be written or read at {path} ({reason}). The set under way does not count; earlier sets and the office’s data are untouched. Please check drive, plug and permissions and run it again.',
  },
  'backup.target-busy': {
    exit: 75,
    vi: 'Một lần sao lưu khác đang ghi vào {path}. Chưa có gì được ghi. Vui lòng chờ lần đó xong rồi chạy lại; nếu là máy cũ còn hoạt động bên cạnh dữ liệu đã phục hồi, hãy tắt máy cũ.',
    en: 'Another backup is writing into {path}. Nothing was written. Please wait until it is done and run this again; if it is the old computer still at work beside restored data, switch that off.',
  },
  'backup.clock-behind': {
    exit: 64,
    vi: 'Đồng hồ máy này ({now}) đi sau lúc tạo bộ sao lưu {name} ({made}), nên không biết phải hỏi số đến của những năm nào. Chưa có gì được phục hồi. Vui lòng chỉnh đồng hồ; nếu chính bộ này được tạo khi đồng hồ sai, dùng --set để chọn bộ khác.',
    en: 'The clock of this computer ({now}) is behind the making of backup set {name} ({made}), so it is not known for which years to ask the last number. Nothing was restored. Please set the clock; if the set itself was made by a wrong clock, choose another one with --set.',
  },
  'backup.no-set': {
    exit: 66,
    vi: 'Không có bộ sao lưu «{name}» tại {path}. Chưa có gì được thay đổi. Xem các bộ hiện có bằng «an-thu backup verify».',
    en: 'There is no backup set “{name}” at {path}. Nothing was changed. See what is there with “an-thu backup verify”.',
  },
  'backup.manifest-damaged': {
    exit: 2,
    vi: 'Bản kê của bộ sao lưu {name} bị hỏng hoặc bị sửa ({reason}) nên bộ này không được dùng. Các bộ khác không bị ảnh hưởng. Vui lòng dùng bộ khác.',
    en: 'The manifest of backup set {name} is damaged or was altered ({reason}), so the set is not used. Other sets are unaffected. Please take another one.',
  },
  'backup.newer-format': {
    exit: 70,
    vi: 'Bộ sao lưu {name} do phiên bản mới hơn tạo ({format}). Bộ được giữ nguyên. Vui lòng cài phiên bản mới của Ấn Thư rồi làm lại.',
    en: 'Backup set {name} was made by a newer version ({format}). It is untouched. Please install the newer Ấn Thư and try again.',
  },
  'backup.damaged': {
    exit: 2,
    vi: 'Bộ sao lưu {name} không còn nguyên vẹn ({problems} chỗ hỏng, đầu tiên: {first}) nên không phục hồi. Chưa có gì được ghi. Xem bằng «an-thu backup verify»; vui lòng dùng bộ khác, hoặc thêm --without-damaged nếu chỉ hỏng tệp lưu trữ.',
    en: 'Backup set {name} is not intact ({problems} problems, the first: {first}) and was not restored. Nothing was written. Look with “an-thu backup verify”; please take another set, or add --without-damaged where only stored files are damaged.',
  },
  'backup.not-the-noted': {
    exit: 2,
    vi: 'Bản kê của bộ {name} có mã {found}, khác mã đã ghi lại ({noted}). Bộ này không phải bộ đã ghi, hoặc đã bị sửa. Chưa có gì được phục hồi. Không dùng bộ này khi chưa rõ lý do.',
    en: 'The manifest of set {name} has the hash {found}, not the noted one ({noted}). It is another set or was altered. Nothing was restored. Do not use it before you know why.',
  },
  'backup.folder-not-empty': {
    exit: 73,
    vi: 'Thư mục {path} không trống nên không phục hồi vào đó. Chưa có gì được thay đổi. Vui lòng chọn thư mục mới, hoặc tự chuyển dữ liệu cũ đi nơi khác (đừng xóa trước khi phục hồi xong).',
    en: 'The folder {path} is not empty, so nothing was restored into it. Nothing was changed. Please choose a new folder, or move the old data away yourself (do not delete it before the restore is done).',
  },
  'backup.last-number-needed': {
    exit: 64,
    vi: 'Bộ sao lưu {name} chỉ biết đến số đến {number}/{year} của {register}; sau đó có thể đã cấp thêm số. Chưa có gì được phục hồi. Vui lòng xem dấu ĐẾN cuối cùng hoặc hệ thống của tỉnh rồi thêm {option} (số cuối đã cấp; đúng {number} nếu không cấp thêm).',
    en: 'Backup set {name} knows numbers up to {number}/{year} of {register} only; more may have been given since. Nothing was restored. Please look at the last arrival stamp or the province’s system and add {option} (the last number given; {number} itself if none was).',
  },
  'backup.last-number-wrong': {
    exit: 64,
    vi: 'Số cuối đã cấp {given} không dùng được cho bộ sao lưu {name} ({reason}). Chưa có gì được phục hồi. Vui lòng kiểm tra lại số, năm và sổ.',
    en: 'The last number {given} does not fit backup set {name} ({reason}). Nothing was restored. Please check number, year and register.',
  },
  'backup.drill-failed': {
    exit: 2,
    vi: 'Phục hồi thử bộ {name} không đạt ({reason}). Dữ liệu đang dùng không bị đụng đến. Vui lòng tạo ngay một bộ đầy đủ mới («an-thu backup create --full») rồi thử lại.',
    en: 'The restore drill of set {name} failed ({reason}). The data in use was not touched. Please make a new full set at once (“an-thu backup create --full”) and try again.',
  },
});
