/** What to do about a module or a token, in both languages; `{name}` is filled from the advice's detail. */
interface AdviceDefinition {
  /** `problem`: nothing can be signed with it; `attention`: it can, but somebody should act; `fine`: nothing to do. */
  readonly weight: 'problem' | 'attention' | 'fine';
  readonly vi: string;
  readonly en: string;
}

const define = <const T extends Record<string, AdviceDefinition>>(table: T): T => table;

export const adviceDefinitions = define({
  'module.configured-missing': {
    weight: 'problem',
    vi: 'Thư viện đã khai báo nhưng không còn trên máy. Hãy cài lại phần mềm của nhà cung cấp thiết bị, hoặc bỏ thư viện này khỏi danh sách.',
    en: 'This library is configured but no longer on the machine. Reinstall the maker’s software or remove it from the list.',
  },
  'module.not-installed': {
    weight: 'fine',
    vi: 'Chưa cài trên máy này. Không cần làm gì nếu cơ quan không dùng loại thiết bị này.',
    en: 'Not installed on this machine. Nothing to do unless the office uses tokens of this make.',
  },
  'module.not-library': {
    weight: 'problem',
    vi: 'Tệp này không phải là thư viện chương trình (có thể bị hỏng). Hãy cài lại phần mềm của nhà cung cấp thiết bị hoặc chọn đúng tệp.',
    en: 'This file is not a program library (it may be damaged). Reinstall the maker’s software or choose the right file.',
  },
  'module.wrong-architecture': {
    weight: 'problem',
    vi: 'Thư viện dành cho {found}, phần mềm này cần {expected}. Hãy cài bản trình điều khiển {expected} của nhà cung cấp thiết bị.',
    en: 'The library is made for {found}, this program needs {expected}. Install the maker’s driver for {expected}.',
  },
  'module.load-failed': {
    weight: 'problem',
    vi: 'Không nạp được thư viện ({reason}). Hãy cài lại phần mềm của nhà cung cấp thiết bị; thường là thiếu một tệp đi kèm, hoặc tệp này không phải thư viện PKCS#11.',
    en: 'The library could not be loaded ({reason}). Reinstall the maker’s software: usually a file that belongs to it is missing, or it is no PKCS#11 library.',
  },
  'module.start-failed': {
    weight: 'problem',
    vi: 'Thư viện nạp được nhưng không khởi động được ({reason}). Hãy khởi động lại dịch vụ của thiết bị hoặc máy tính, rồi kiểm tra lại.',
    en: 'The library loads but does not start ({reason}). Restart the token’s service or the computer, then check again.',
  },
  'module.hangs': {
    weight: 'problem',
    vi: 'Trình điều khiển không trả lời sau {seconds} giây ({operation}) và đã được dừng trong tiến trình riêng. Hãy rút thiết bị, cắm lại sang cổng khác, rồi kiểm tra lại; nếu vẫn vậy, hãy cài lại trình điều khiển.',
    en: 'The driver gave no answer within {seconds} s ({operation}) and was stopped in its own process. Unplug the token, use another port and check again; if it stays so, reinstall the driver.',
  },
  'module.crashes': {
    weight: 'problem',
    vi: 'Trình điều khiển bị lỗi và dừng đột ngột ({reason}); phần mềm không bị ảnh hưởng. Hãy cập nhật hoặc cài lại trình điều khiển của nhà cung cấp.',
    en: 'The driver crashed ({reason}); this program is unaffected. Update or reinstall the maker’s driver.',
  },
  'module.answers-badly': {
    weight: 'problem',
    vi: 'Trình điều khiển báo lỗi khi được hỏi ({reason}). Hãy rút và cắm lại thiết bị; nếu vẫn vậy, hãy khởi động lại máy hoặc cài lại trình điều khiển.',
    en: 'The driver reports a fault when asked ({reason}). Unplug the token and plug it in again; if it stays so, restart the computer or reinstall the driver.',
  },
  'module.no-slot': {
    weight: 'attention',
    vi: 'Thư viện hoạt động nhưng chưa thấy đầu đọc hay cổng thiết bị nào. Hãy cắm thiết bị; nếu đã cắm, hãy kiểm tra dịch vụ thẻ thông minh (Smart Card, pcscd) đang chạy.',
    en: 'The library works but sees no reader. Plug the token in; if it is in, check that the smart card service (Smart Card, pcscd) runs.',
  },
  'module.no-token': {
    weight: 'attention',
    vi: 'Thư viện hoạt động, chưa có thiết bị nào được cắm. Hãy cắm thiết bị ký của loại này nếu cần dùng.',
    en: 'The library works, no token is plugged in. Plug in a token of this make when it is needed.',
  },
  'module.no-signing': {
    weight: 'attention',
    vi: 'Thiết bị không có cơ chế ký nào mà phần mềm dùng được (RSA PKCS#1 hoặc ECDSA). Hãy dùng trình điều khiển khác của nhà cung cấp hoặc thiết bị khác.',
    en: 'The token offers no way of signing that this program can use (RSA PKCS#1 or ECDSA). Use another driver of the maker or another token.',
  },
  'module.not-used': {
    weight: 'attention',
    vi: 'Thư viện này hoạt động và có thiết bị, nhưng phần mềm chưa được phép dùng. Quản trị viên có thể thêm thư viện trong phần Cài đặt.',
    en: 'This library works and has a token, but the program is not allowed to use it yet. An administrator can add it in the settings.',
  },
  'module.ready': {
    weight: 'fine',
    vi: 'Hoạt động bình thường.',
    en: 'Works.',
  },
  'slot.unreadable': {
    weight: 'problem',
    vi: 'Không đọc được thiết bị trong khe {slot} ({reason}). Hãy kiểm tra đúng trình điều khiển của thiết bị, rồi rút và cắm lại.',
    en: 'The token in slot {slot} cannot be read ({reason}). Check that the driver is the one for this token, then unplug it and plug it in again.',
  },
  'token.uninitialized': {
    weight: 'attention',
    vi: 'Thiết bị trong khe {slot} chưa được khởi tạo nên không dùng để ký được. Vui lòng liên hệ đơn vị cấp thiết bị.',
    en: 'The token in slot {slot} has not been set up and cannot sign. Ask the authority that issued it.',
  },
  'token.no-certificate': {
    weight: 'attention',
    vi: 'Thiết bị «{token}» không cho thấy chứng thư số nào khi chưa nhập mã PIN. Hãy mở bằng mã PIN rồi xem lại; nếu vẫn không thấy, liên hệ đơn vị cấp chứng thư số.',
    en: 'Token “{token}” shows no certificate before the PIN is given. Unlock it and look again; if none appears, ask the issuing authority.',
  },
  'token.pin-locked': {
    weight: 'problem',
    vi: 'Mã PIN của thiết bị «{token}» đã bị khóa; phần mềm không gửi thêm mã PIN nào. Vui lòng liên hệ đơn vị cấp chứng thư số để mở khóa.',
    en: 'The PIN of token “{token}” is locked; nothing more is sent to it. Ask the issuing authority to unlock it.',
  },
  'token.pin-final-try': {
    weight: 'attention',
    vi: 'Thiết bị «{token}» chỉ còn một lượt nhập mã PIN trước khi bị khóa. Hãy chắc chắn mã PIN đúng trước khi nhập.',
    en: 'Token “{token}” has one PIN try left before it locks. Make sure of the PIN before entering it.',
  },
  'token.pin-count-low': {
    weight: 'attention',
    vi: 'Đã có lần nhập sai mã PIN của thiết bị «{token}». Nhập đúng một lần sẽ đặt lại số lượt thử.',
    en: 'A wrong PIN was given to token “{token}”. One right PIN resets the count.',
  },
  'token.pin-not-initialized': {
    weight: 'problem',
    vi: 'Thiết bị «{token}» chưa được đặt mã PIN người dùng. Vui lòng liên hệ đơn vị cấp thiết bị.',
    en: 'Token “{token}” has no user PIN yet. Ask the authority that issued it.',
  },
  'token.pin-must-be-changed': {
    weight: 'problem',
    vi: 'Mã PIN của thiết bị «{token}» phải được đổi trước khi dùng. Hãy đổi bằng phần mềm của nhà cung cấp thiết bị.',
    en: 'The PIN of token “{token}” must be changed first. Change it with the maker’s tool.',
  },
  'certificate.expired': {
    weight: 'attention',
    vi: 'Chứng thư số «{name}» đã hết hạn ngày {date}. Vui lòng liên hệ đơn vị cấp để gia hạn.',
    en: 'Certificate “{name}” expired on {date}. Ask the issuing authority to renew it.',
  },
  'certificate.expiring': {
    weight: 'attention',
    vi: 'Chứng thư số «{name}» sẽ hết hạn ngày {date} (còn {days} ngày). Nên làm thủ tục gia hạn từ bây giờ.',
    en: 'Certificate “{name}” expires on {date} ({days} days left). Ask for its renewal now.',
  },
  'certificate.not-yet-valid': {
    weight: 'attention',
    vi: 'Chứng thư số «{name}» chỉ có hiệu lực từ ngày {date}. Hãy kiểm tra ngày giờ của máy tính.',
    en: 'Certificate “{name}” is valid only from {date}. Check the date and time of the computer.',
  },
  'certificate.several': {
    weight: 'fine',
    vi: 'Khóa của «{name}» có {count} chứng thư số. Phần mềm ký bằng chứng thư đang có hiệu lực, mới cấp nhất: số sê-ri {serial}, đến ngày {date}.',
    en: 'The key of “{name}” has {count} certificates. The newest one in force signs: serial number {serial}, until {date}.',
  },
  'certificate.none-in-force': {
    weight: 'problem',
    vi: 'Khóa của «{name}» có {count} chứng thư số nhưng không chứng thư nào đang có hiệu lực nên chưa ký được. Hãy kiểm tra ngày giờ của máy tính; nếu đúng, vui lòng liên hệ đơn vị cấp chứng thư số.',
    en: 'The key of “{name}” has {count} certificates and none is in force, so it cannot sign. Check the date and time of the computer; if they are right, ask the issuing authority.',
  },
  'system.nothing-found': {
    weight: 'problem',
    vi: 'Chưa tìm thấy trình điều khiển thiết bị ký nào trên máy. Hãy cài phần mềm đi kèm thiết bị (do đơn vị cấp chứng thư số cung cấp).',
    en: 'No driver of any signing token was found. Install the software that came with the token from the issuing authority.',
  },
  'system.tries-unreadable': {
    weight: 'problem',
    vi: 'Không đọc được số lần nhập sai mã PIN mà phần mềm đã ghi ({path}: {reason}) nên chưa thiết bị nào được nhận mã PIN. Hãy cấp lại quyền đọc, ghi thư mục đó cho người dùng này.',
    en: 'The count of wrong PINs that this program keeps cannot be read ({path}: {reason}), so no token is given a PIN. Give this user the right to read and write that folder.',
  },
  'system.no-reader-service': {
    weight: 'attention',
    vi: 'Dịch vụ thẻ thông minh (pcscd) không chạy nên các thiết bị dạng thẻ sẽ không hiện ra. Hãy bật dịch vụ này.',
    en: 'The smart card service (pcscd) is not running, so card tokens will not show. Start it.',
  },
  'system.apple-silicon': {
    weight: 'attention',
    vi: 'Trình điều khiển VGCA cho macOS (bản 06/2023) chỉ dành cho máy Intel và dùng CryptoTokenKit, không nạp được trên máy Apple Silicon. Hãy dùng máy Windows để ký bằng thiết bị này.',
    en: 'The VGCA driver for macOS (June 2023) is for Intel machines and CryptoTokenKit; it does not load on Apple Silicon. Use a Windows machine to sign with that token.',
  },
});

export type AdviceCode = keyof typeof adviceDefinitions;

/** The sentence of an advice in a language. An unknown code (an older window, a newer engine) is its own text. */
export function adviceText(
  code: string,
  detail: Readonly<Record<string, string | number>>,
  language: 'vi' | 'en',
): string {
  const definition = (adviceDefinitions as Readonly<Record<string, AdviceDefinition>>)[code];
  if (!definition) return code;
  return definition[language].replace(/\{(\w+)\}/g, (_, name: string) => String(detail[name] ?? '?'));
}
