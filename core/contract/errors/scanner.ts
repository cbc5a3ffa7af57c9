import { defineErrors } from './define.ts';

/** Errors of the virus check. A file that was not explicitly called clean is held, never let through. */
export const scannerErrors = defineErrors({
  'scanner.unavailable': {
    exit: 69,
    vi: 'Chưa kiểm tra được vi-rút vì bộ quét không trả lời ({reason}). Tệp được giữ lại an toàn, chưa vào sổ. Vui lòng bật ClamAV (clamd); phần mềm sẽ tự kiểm tra lại.',
    en: 'The virus check could not be made because the scanner does not answer ({reason}). The file is held safely and not registered. Please start ClamAV (clamd); the check is tried again by itself.',
  },
  'scanner.infected': {
    exit: 2,
    vi: 'Bộ quét phát hiện mã độc «{name}» trong tệp. Tệp đã được cách ly, không vào sổ và không gửi đi. Vui lòng báo nơi gửi và bộ phận công nghệ thông tin.',
    en: 'The scanner found “{name}” in the file. The file is quarantined; it is neither registered nor sent. Please tell the sender and your IT staff.',
  },
  'scanner.too-large': {
    exit: 2,
    vi: 'Tệp lớn hơn mức bộ quét vi-rút kiểm tra được (giới hạn {limitBytes} byte) nên không thể coi là sạch. Tệp được giữ lại an toàn. Vui lòng quét lại thành tệp nhỏ hơn hoặc nhờ quản trị nâng giới hạn của clamd.',
    en: 'The file is larger than the virus scanner can check (limit {limitBytes} bytes), so it cannot be called clean. It is held safely. Please scan it as smaller files, or have the administrator raise the limit of clamd.',
  },
  'scanner.error': {
    exit: 70,
    vi: 'Bộ quét vi-rút trả lời không rõ ràng ({reason}) nên tệp không được coi là sạch. Tệp được giữ lại an toàn. Vui lòng thử kiểm tra lại hoặc báo bộ phận kỹ thuật.',
    en: 'The virus scanner gave no clear answer ({reason}), so the file is not called clean. It is held safely. Please try the check again or tell your IT staff.',
  },
});
