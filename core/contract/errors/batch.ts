import { defineErrors } from './define.ts';

/** Errors of a batch of signatures (room `signing`). */
export const batchErrors = defineErrors({
  'signing.batch-token-gone': {
    exit: 69,
    vi: 'Thiết bị ký không dùng tiếp được ({cause}) nên tệp này chưa được đưa đi ký. Các tệp đã ký vẫn dùng được, tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra thiết bị rồi ký tiếp phần còn lại.',
    en: 'The token cannot go on ({cause}), so this file was not sent to it. The files signed so far are good and the originals are untouched. Please check the token, then resume with the rest.',
  },
  'signing.batch-cancelled': {
    exit: 75,
    vi: 'Đã dừng theo yêu cầu trước khi ký tệp này. Các tệp đã ký vẫn dùng được, tệp gốc vẫn nguyên vẹn. Khi cần, hãy ký tiếp phần còn lại.',
    en: 'The batch was stopped on request before this file. The files signed so far are good and the originals are untouched. Resume with the rest when you like.',
  },
});
