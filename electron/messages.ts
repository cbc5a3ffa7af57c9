import type { Language } from '../core/contract/sentences.ts';
import { withValues, type SentenceValues } from '../core/contract/with-values.ts';

/** What the shell itself says to people: native dialogs and notifications; `{name}` stands for a value. */
export const messages = {
  'action.cancel': { vi: 'Hủy', en: 'Cancel' },
  'anchor.choose': {
    vi: 'Chọn tệp chứng thư của cơ quan chứng thực',
    en: 'Choose a file of a certification authority’s certificates',
  },
  'anchor.files': { vi: 'Chứng thư (CRT, CER, PEM, DER)', en: 'Certificates (CRT, CER, PEM, DER)' },
  'book.csv-files': { vi: 'Bảng tính (CSV)', en: 'Spreadsheets (CSV)' },
  'book.name': { vi: 'so-van-ban-den-{year}', en: 'so-van-ban-den-{year}' },
  'book.pdf-files': { vi: 'Tài liệu PDF', en: 'PDF documents' },
  'book.save': { vi: 'Lưu sổ đăng ký văn bản đến', en: 'Save the arrival register' },
  'engine.exit': { vi: 'Thoát', en: 'Quit' },
  'engine.given-up': {
    vi: 'Phần lõi của chương trình không khởi động được.',
    en: 'The core of the program does not start.',
  },
  'engine.given-up-detail': {
    vi: 'Đã thử nhiều lần nhưng tiến trình vẫn dừng ({reason}). Dữ liệu đã lưu vẫn an toàn trong {folder}. Hãy thử lại; nếu vẫn lỗi, vui lòng báo bộ phận kỹ thuật.',
    en: 'It was tried several times and the process ended each time ({reason}). What was saved is safe in {folder}. Please try again; if it fails again, please tell the support desk.',
  },
  'engine.retry': { vi: 'Thử lại', en: 'Try again' },
  'files.choose': {
    vi: 'Chọn tệp quét hoặc gói văn bản điện tử',
    en: 'Choose scans or e-document packages',
  },
  'files.kinds': {
    vi: 'Bản quét (PDF, JPEG, PNG, TIFF), văn bản điện tử (EDXML)',
    en: 'Scans (PDF, JPEG, PNG, TIFF), e-documents (EDXML)',
  },
  'folder.choose': { vi: 'Chọn thư mục', en: 'Choose a folder' },
  'module.add': { vi: 'Thêm thư viện', en: 'Add the library' },
  'module.add-detail': {
    vi: '{path}\n\nThư viện này sẽ chạy trong một tiến trình riêng mỗi khi dùng thiết bị ký và nhận mã PIN của thiết bị. Chỉ thêm thư viện do phần mềm của nhà cung cấp thiết bị cài vào máy.',
    en: '{path}\n\nThis library will run in a process of its own whenever the token is used, and it gets the token’s PIN. Add only a library that the token maker’s software has installed on this machine.',
  },
  'module.add-question': { vi: 'Thêm thư viện của thiết bị ký?', en: 'Add this library of a token?' },
  'module.choose': {
    vi: 'Chọn thư viện PKCS#11 của thiết bị ký',
    en: 'Choose the token’s PKCS#11 library',
  },
  'module.files': { vi: 'Thư viện chương trình', en: 'Program libraries' },
  'module.remove': { vi: 'Bỏ thư viện', en: 'Remove the library' },
  'module.remove-detail': {
    vi: '{path}\n\nCác thiết bị dùng thư viện này sẽ được khóa lại và không dùng để ký được cho đến khi thêm lại thư viện.',
    en: '{path}\n\nThe tokens that use this library will be locked, and they cannot sign until the library is added again.',
  },
  'module.remove-question': { vi: 'Bỏ thư viện của thiết bị ký?', en: 'Remove this library of a token?' },
  'notice.attention': { vi: '{n} văn bản cần xem lại', en: '{n} to be looked at again' },
  'notice.proposed': { vi: '{n} văn bản chờ vào sổ', en: '{n} to be registered' },
  'notice.token': { vi: '{n} văn bản chờ thiết bị ký', en: '{n} waiting for the token' },
  'notice.waiting': { vi: 'Có {parts}.', en: 'Documents: {parts}.' },
  'update.available': {
    vi: 'Có phiên bản {version}. Tải về?',
    en: 'Version {version} is available. Download it?',
  },
  'update.available-detail': {
    vi: 'Phiên bản mới được cài khi đóng chương trình. Sổ được sao lưu trước khi phiên bản mới mở lần đầu.',
    en: 'The new version is installed when the program is closed. The register is copied before the new version opens it for the first time.',
  },
  'update.bundles': { vi: 'Gói cập nhật Ấn Thư', en: 'Ấn Thư updates' },
  'update.choose': { vi: 'Chọn gói cập nhật', en: 'Choose an update' },
  'update.download': { vi: 'Tải về', en: 'Download' },
  'update.install': { vi: 'Cài đặt', en: 'Install' },
  'update.install-detail': {
    vi: '{notes}\n\nGói đã được kiểm tra chữ ký. Chương trình sẽ đóng để cài; sổ được sao lưu trước khi phiên bản mới mở lần đầu.',
    en: '{notes}\n\nThe signature of the update was checked. The program will close to install it; the register is copied before the new version opens it for the first time.',
  },
  'update.install-question': { vi: 'Cài phiên bản {version}?', en: 'Install version {version}?' },
  'update.later': { vi: 'Để sau', en: 'Later' },
  'update.title': { vi: 'Cập nhật Ấn Thư', en: 'Update of Ấn Thư' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

export type ShellMessageKey = keyof typeof messages;
export type ShellTranslate = (key: ShellMessageKey, values?: SentenceValues) => string;

/** What the shell says in a language. */
export function shellWords(language: Language): ShellTranslate {
  return (key, values = {}) => withValues(messages[key][language], values);
}
