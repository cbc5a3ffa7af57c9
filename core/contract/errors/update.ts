import { defineErrors } from './define.ts';

/** Errors of the room `updates`: bundles, first start of a new version, rolling back. */
export const updateErrors = defineErrors({
  'update.not-a-bundle': {
    exit: 66,
    vi: 'Tệp {path} không phải là gói cập nhật của Ấn Thư ({reason}). Chưa có gì được cài. Vui lòng chép lại gói từ nơi phát hành.',
    en: '{path} is no update bundle of Ấn Thư ({reason}). Nothing was installed. Please copy the bundle again from where it was released.',
  },
  'update.no-key': {
    exit: 77,
    vi: 'Bản cài này chưa có khóa của nơi phát hành nên không kiểm tra được gói cập nhật nào. Chưa có gì được cài. Vui lòng báo bộ phận kỹ thuật.',
    en: 'This installation has no release key and can check no update bundle. Nothing was installed. Please tell support.',
  },
  'update.bad-signature': {
    exit: 2,
    vi: 'Chữ ký của gói cập nhật {path} không đúng với khóa của nơi phát hành. Gói có thể đã bị sửa. Chưa có gì được cài. Không dùng gói này và báo bộ phận kỹ thuật.',
    en: 'The signature of the update bundle {path} does not match the release key. It may have been altered. Nothing was installed. Do not use it; tell support.',
  },
  'update.damaged': {
    exit: 2,
    vi: 'Gói cập nhật {path} không còn nguyên vẹn ({reason}). Chưa có gì được cài. Vui lòng chép lại gói.',
    en: 'The update bundle {path} is not intact ({reason}). Nothing was installed. Please copy it again.',
  },
  'update.other-platform': {
    exit: 77,
    vi: 'Gói cập nhật dành cho {bundle}, còn máy này là {here}. Chưa có gì được cài. Vui lòng lấy đúng gói cho máy này.',
    en: 'The update bundle is for {bundle}, this machine is {here}. Nothing was installed. Please get the bundle for this machine.',
  },
  'update.not-allowed': {
    exit: 77,
    vi: 'Quản trị viên không cho phép cập nhật từ cửa sổ này. Chưa có gì được cài. Vui lòng liên hệ quản trị viên.',
    en: 'The administrator does not allow updates from this window. Nothing was installed. Please contact the administrator.',
  },
  'update.cannot-start': {
    exit: 70,
    vi: 'Bộ cài {path} đã được kiểm tra nhưng hệ điều hành không chạy được ({reason}). Phiên bản hiện tại vẫn dùng bình thường. Vui lòng mở bộ cài bằng tay hoặc báo bộ phận kỹ thuật.',
    en: 'The installer {path} was checked but the system did not start it ({reason}). The present version goes on working. Please open the installer by hand or tell support.',
  },
  'update.not-newer': {
    exit: 77,
    vi: 'Gói cập nhật là phiên bản {bundle}, không mới hơn phiên bản {highest} đã dùng với dữ liệu này. Chưa có gì được cài. Muốn quay lại phiên bản trước, dùng «an-thu update roll-back».',
    en: 'The update bundle is version {bundle}, not newer than {highest}, which has worked with this data. Nothing was installed. To go back use “an-thu update roll-back”.',
  },
  'update.step-missing': {
    exit: 77,
    vi: 'Gói cập nhật {bundle} cần phiên bản {minimum} trở lên, máy này đang dùng {here}. Chưa có gì được cài. Vui lòng cài bản trung gian trước.',
    en: 'The update bundle {bundle} needs version {minimum} or later, this machine runs {here}. Nothing was installed. Please install the version between first.',
  },
  'update.older-program': {
    exit: 70,
    vi: 'Phiên bản {version} cũ hơn phiên bản {highest} đã dùng với dữ liệu này nên không mở. Dữ liệu được giữ nguyên. Vui lòng cài lại phiên bản mới, hoặc quay lại có kiểm soát bằng «an-thu update roll-back».',
    en: 'Version {version} is older than {highest}, which has worked with this data, and does not open it. The data is untouched. Install the newer version again, or go back with “an-thu update roll-back”.',
  },
  'update.record-damaged': {
    exit: 2,
    vi: 'Tệp ghi phiên bản {path} bị hỏng. Dữ liệu được giữ nguyên và chưa mở. Vui lòng phục hồi tệp này từ bản sao lưu hoặc báo bộ phận kỹ thuật.',
    en: 'The version record {path} is damaged. The data is untouched and was not opened. Please restore the file from a backup or tell support.',
  },
  'update.no-backup': {
    exit: 66,
    vi: 'Không có bản sao lưu trước cập nhật cho phiên bản {version} nên không quay lại được. Dữ liệu được giữ nguyên.',
    en: 'There is no backup from before an update for version {version}, so there is no going back. The data is untouched.',
  },
  'update.backup-damaged': {
    exit: 2,
    vi: 'Bản sao lưu {name} không còn đúng nội dung đã ghi nên không dùng. Dữ liệu hiện tại được giữ nguyên.',
    en: 'The backup {name} no longer holds what was written and is not used. The present data is untouched.',
  },
  'update.roll-back-would-lose': {
    exit: 77,
    vi: 'Từ khi cập nhật đã có {entries} việc được ghi; quay lại phiên bản {version} sẽ làm mất chúng nên không thực hiện. Dữ liệu được giữ nguyên. Vui lòng tiếp tục dùng phiên bản mới và báo bộ phận kỹ thuật.',
    en: 'Since the update {entries} things were recorded; going back to version {version} would lose them, so it was not done. The data is untouched. Please go on with the new version and tell support.',
  },
});
