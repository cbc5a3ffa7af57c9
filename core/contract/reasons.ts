/**
 * Coded reasons: what an error's detail may say in `reason` (or `what`), with the words that its sentence takes for it. `{value}`
 * stands for what follows the code (core/shared/reasons.ts), `{duration}` for the same as milliseconds in words. Codes of what verification and a look before signing find
 * may stand there too; bare codes of one error's own are in fact-words.ts.
 */
export const reasonWords = {
  'http.bad-address': { vi: 'địa chỉ không phải http(s)', en: 'the address is not http(s)' },
  'http.failed': { vi: 'không kết nối được: {value}', en: 'no connection: {value}' },
  'http.no-answer': { vi: 'không trả lời trong {duration}', en: 'no answer within {duration}' },
  'http.status': { vi: 'máy chủ báo lỗi HTTP {value}', en: 'HTTP {value}' },
  'http.too-large': { vi: 'câu trả lời quá lớn', en: 'the answer is too large' },
  'http.too-many-redirects': { vi: 'bị chuyển tiếp quá nhiều lần', en: 'too many redirects' },
  'output.inside-data': {
    vi: '{value} nằm trong thư mục dữ liệu',
    en: '{value} lies in the data folder',
  },
  'store.read-back': { vi: 'đọc lại {value} không khớp', en: '{value} read back differs' },
  'tsa.none': { vi: 'chưa cấu hình máy chủ', en: 'none is configured' },
  'tsa.just-failed': { vi: 'vừa không trả lời', en: 'no answer a moment ago' },
  'tsa.status': { vi: 'máy chủ từ chối, mã {value}', en: 'refused with status {value}' },
  'tsa.said': { vi: 'máy chủ ghi «{value}»', en: 'the server says “{value}”' },
  'tsa.unreadable': { vi: 'câu trả lời không đọc được', en: 'the answer cannot be read' },
  'tsa.not-a-token': { vi: 'câu trả lời không phải dấu thời gian', en: 'the answer is no timestamp' },
  'tsa.other-imprint': { vi: 'dấu thời gian của dữ liệu khác', en: 'the timestamp is for other data' },
  'tsa.other-nonce': {
    vi: 'trả lời cho một yêu cầu khác (nonce không khớp)',
    en: 'the answer is to another request (nonce differs)',
  },
  'tsa.no-certificate': {
    vi: 'dấu thời gian không kèm chứng thư của máy chủ',
    en: 'the timestamp comes without its certificate',
  },
  'tsa.too-long': {
    vi: 'dấu thời gian dài {value} byte, không vừa chỗ dành sẵn',
    en: 'a timestamp of {value} bytes does not fit its place',
  },
  'revocation.no-address': {
    vi: 'chứng thư không ghi địa chỉ tra cứu',
    en: 'the certificate names no address to ask',
  },
  'revocation.unreadable': { vi: 'câu trả lời không dùng được', en: 'the answer is not usable' },
  'ocsp.other-nonce': {
    vi: 'OCSP trả lời cho một yêu cầu khác (nonce không khớp)',
    en: 'the OCSP answer is to another request (nonce differs)',
  },
  'ocsp.other-certificate': {
    vi: 'OCSP trả lời cho chứng thư khác',
    en: 'the OCSP answer is for another certificate',
  },
  'ocsp.refused': { vi: 'máy chủ OCSP từ chối trả lời', en: 'the OCSP responder refused' },
  'ocsp.not-authorised': {
    vi: 'câu trả lời OCSP không do bên có thẩm quyền ký',
    en: 'the OCSP answer is not signed by an authorised responder',
  },
  'ocsp.unknown-or-stale': {
    vi: 'OCSP không biết chứng thư này hoặc câu trả lời đã cũ',
    en: 'OCSP does not know the certificate, or the answer is stale',
  },
  'crl.not-a-list': { vi: 'tệp tải về không phải danh sách thu hồi', en: 'not a revocation list' },
  'crl.not-usable': {
    vi: 'danh sách thu hồi không dành cho chứng thư này, không xác thực được hoặc đã cũ',
    en: 'the revocation list is not for this certificate, not authentic or stale',
  },
  'chain.no-anchors': { vi: 'chưa có chứng thư gốc tin cậy', en: 'no trust anchors are given' },
  'chain.not-found': { vi: 'thiếu chứng thư của cơ quan cấp', en: 'a certificate between is missing' },
  'chain.expired': { vi: 'chứng thư đã hết hạn', en: 'a certificate has expired' },
  'chain.not-yet-valid': { vi: 'chứng thư chưa có hiệu lực', en: 'a certificate is not yet valid' },
  'chain.weak-algorithm': { vi: 'chứng thư ký bằng thuật toán yếu', en: 'signed with a weak algorithm' },
  'chain.not-permitted': {
    vi: 'chứng thư không được phép dùng như vậy',
    en: 'a certificate is not meant for this use',
  },
  'chain.broken': { vi: 'chuỗi chứng thư có mắt xích sai', en: 'a link of the chain does not hold' },
  'level.no-timestamp': { vi: 'chưa lấy được dấu thời gian', en: 'no timestamp could be had' },
  'level.no-evidence': {
    vi: 'chưa lấy đủ bằng chứng về trạng thái thu hồi',
    en: 'not all evidence of the revocation state could be had',
  },
  'level.timestamp-server-away': {
    vi: 'máy chủ dấu thời gian vừa không trả lời',
    en: 'the timestamp server gave no answer a moment ago',
  },
  'level.no-gain': {
    vi: 'dấu thời gian mới không bền lâu hơn bằng chứng đang có',
    en: 'a new timestamp would not last longer than the evidence there is',
  },
  'level.raised-meanwhile': {
    vi: 'văn bản vừa được nâng hoặc gia hạn bởi một việc khác',
    en: 'something else has raised or renewed the document in the meantime',
  },
  'level.same-certificate': {
    vi: 'máy chủ dấu thời gian vẫn dùng chứng thư sắp hết hạn',
    en: 'the timestamp server still uses the certificate that is about to end',
  },
  'encryption.handler': {
    vi: 'trình mã hóa «{value}»',
    en: 'by the handler “{value}”',
  },
  'encryption.version': { vi: 'phiên bản {value}', en: 'version {value}' },
  'encryption.filter': { vi: 'bộ lọc mã hóa «{value}»', en: 'by the crypt filter “{value}”' },
  'key.too-weak': { vi: 'khóa {value} quá yếu', en: 'the key, {value}, is too weak' },
  'field.not-text': { vi: 'không phải ô chữ', en: 'it is not a text field' },
  'field.no-area': { vi: 'không có vùng hiển thị', en: 'it has no area' },
  'field.no-look': { vi: 'không ghi cách trình bày chữ', en: 'it has no default appearance' },
  'field.font-missing': { vi: 'thiếu phông chữ {value}', en: 'its font {value} is missing' },
  'field.font-not-simple': {
    vi: 'phông chữ {value} không phải loại đơn giản',
    en: 'its font {value} is not a simple one',
  },
  'thing.document': { vi: 'văn bản {value}', en: 'Document {value}' },
  'thing.sealed-copy': {
    vi: 'bản đã ký số của văn bản {value}',
    en: 'The sealed copy of document {value}',
  },
  'thing.arrival': { vi: 'văn bản đến {value}', en: 'Register entry {value}' },
  'thing.received-file': { vi: 'tệp nhận {value}', en: 'Received file {value}' },
  'thing.outbox-entry': { vi: 'mục gửi {value}', en: 'Queue entry {value}' },
  'thing.judgement': { vi: 'kết quả kiểm tra chữ ký', en: 'A judgement of the signatures' },
  'scan.no-end': { vi: 'chưa có phần cuối', en: 'its end is not there' },
  'scan.cut-short': { vi: 'thiếu một phần nội dung', en: 'a part of it is missing' },
  'scan.zeros': {
    vi: 'mới chỉ có chỗ trống, chưa có nội dung',
    en: 'only room was made for it, nothing is written',
  },
  'picture.ends-early': { vi: 'dữ liệu ảnh bị cụt', en: 'its data ends early' },
  'picture.odd-structure': { vi: 'cấu trúc ảnh bất thường', en: 'its structure is odd' },
  'picture.parts-missing': { vi: 'thiếu phần của ảnh', en: 'parts of the picture are missing' },
  'picture.checksum': { vi: 'phần {value} sai tổng kiểm', en: 'part {value} does not match its checksum' },
  'picture.no-size': { vi: 'kích thước bằng 0', en: 'it has no pixels' },
  'picture.decoder': { vi: 'bộ giải mã báo «{value}»', en: 'the decoder says “{value}”' },
  'picture.jpeg-coding': {
    vi: 'JPEG không mất dữ liệu hoặc mã hóa số học',
    en: 'lossless or arithmetic JPEG',
  },
  'picture.bits': { vi: '{value} bit một màu', en: '{value} bits a colour' },
  'picture.components': { vi: '{value} kênh màu', en: '{value} components' },
  'claim.several-files': {
    vi: 'thư mục nhận tệp có nhiều tệp, không rõ tệp nào đã vào sổ',
    en: 'its claim folder holds several files, and which is registered cannot be told',
  },
  'file.name-not-utf8': { vi: 'tên tệp không theo UTF-8', en: 'its name is not UTF-8' },
  'file.still-written': { vi: 'tệp còn đang được ghi', en: 'the file is still being written' },
  'file.changed-after-check': {
    vi: 'tệp thay đổi sau khi đã kiểm tra',
    en: 'the file changed after it was checked',
  },
  'file.not-extending': {
    vi: 'tệp nâng mức không bắt đầu bằng tệp đã ký',
    en: 'the raised file does not begin with the signed one',
  },
} as const satisfies Record<string, { readonly vi: string; readonly en: string }>;

export type ReasonCode = keyof typeof reasonWords;
