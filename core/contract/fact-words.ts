import type { ErrorCode } from './errors/index.ts';

interface Words {
  readonly vi: string;
  readonly en: string;
}

/** By error code and fact: the words that the sentence takes. */
export type FactWords = Readonly<Record<string, Readonly<Record<string, Words>> | undefined>>;

const verdicts = {
  valid: { vi: 'hợp lệ', en: 'valid' },
  indeterminate: { vi: 'chưa đủ thông tin', en: 'indeterminate' },
  invalid: { vi: 'không hợp lệ', en: 'invalid' },
  unsigned: { vi: 'chưa ký số', en: 'unsigned' },
  unreadable: { vi: 'không đọc được', en: 'unreadable' },
} as const satisfies Record<string, Words>;

/**
 * Closed sets of facts that one error alone takes, as bare codes in its detail. What several errors share, or what carries
 * a value, is a reason (reasons.ts).
 */
export const factWords = {
  'archive.self-check-failed': {
    ...verdicts,
    valid: {
      vi: 'chữ ký hợp lệ nhưng không phải chữ ký vừa tạo hoặc không bao trùm tệp',
      en: 'the signature is valid but not the one just made, or does not cover the file',
    },
  },
  'archive.update-check-failed': verdicts,
  'backup.last-number-wrong': {
    'no-register': { vi: 'bộ sao lưu không có sổ này', en: 'the set has no such register' },
    'which-register': {
      vi: 'có nhiều sổ, cần ghi «TÊN SỔ:SỐ/NĂM»',
      en: 'there are several registers: write “REGISTER:NUMBER/YEAR”',
    },
    'below-known': {
      vi: 'bộ sao lưu đã có số lớn hơn',
      en: 'the set holds a higher number already',
    },
    'too-high': { vi: 'lớn hơn mọi số có thể có', en: 'higher than any number can be' },
  },
  'intake.dpi-assumed': {
    a4: { vi: 'khổ A4', en: 'the size of A4' },
    default: { vi: 'giá trị mặc định', en: 'the default' },
  },
  'intake.quarantined-before': {
    'store.row-damaged': {
      vi: 'lý do đã ghi bị hỏng, không đọc được',
      en: 'the reason kept is damaged and cannot be read',
    },
    'scanner.infected': { vi: 'có mã độc', en: 'malware' },
    'reading.secrecy-mark': { vi: 'có dấu chỉ độ mật', en: 'a secrecy mark' },
  },
  'intake.not-colour': {
    grey: { vi: 'ảnh xám', en: 'grey' },
    bilevel: { vi: 'ảnh đen trắng', en: 'black and white' },
  },
  'pdf.damaged': {
    'no-header': { vi: 'không có phần đầu', en: 'no header' },
    'no-startxref': {
      vi: 'không có chỗ chỉ đến bảng tham chiếu',
      en: 'nothing points to the cross-reference table',
    },
    'xref-not-found': {
      vi: 'không tìm thấy bảng tham chiếu',
      en: 'the cross-reference table is not where it should be',
    },
    'xref-syntax': {
      vi: 'bảng tham chiếu sai cách viết',
      en: 'the cross-reference table is malformed',
    },
    'xref-entry': {
      vi: 'bảng tham chiếu có mục sai',
      en: 'an entry of the cross-reference table is wrong',
    },
    'xref-stream': {
      vi: 'luồng tham chiếu sai cấu trúc',
      en: 'the cross-reference stream is malformed',
    },
    'xref-loop': {
      vi: 'các bảng tham chiếu chỉ vòng vào nhau',
      en: 'the cross-reference tables point in a circle',
    },
    trailer: { vi: 'phần cuối tệp sai cấu trúc', en: 'the trailer is malformed' },
    'object-header': {
      vi: 'đối tượng không nằm ở chỗ bảng tham chiếu ghi',
      en: 'an object is not where the table says',
    },
    'object-syntax': { vi: 'đối tượng sai cách viết', en: 'an object is malformed' },
    'object-end': { vi: 'đối tượng không có chỗ kết thúc', en: 'an object does not end' },
    'duplicate-keys': {
      vi: 'một mục được ghi hai lần với nội dung khác nhau',
      en: 'an entry is written twice',
    },
    ambiguous: {
      vi: 'mỗi phần mềm có thể đọc một khác',
      en: 'programs may read it differently',
    },
    'object-stream': { vi: 'luồng đối tượng sai cấu trúc', en: 'an object stream is malformed' },
    'reference-loop': {
      vi: 'các đối tượng tham chiếu vòng vào nhau',
      en: 'objects refer to one another in a circle',
    },
    'stream-length': { vi: 'luồng dữ liệu ghi sai độ dài', en: 'the length of a stream is wrong' },
    'stream-data': { vi: 'luồng dữ liệu bị hỏng', en: 'the data of a stream is damaged' },
    'stream-filter': {
      vi: 'luồng dữ liệu nén theo cách không đọc được',
      en: 'a stream is packed in a way that cannot be read',
    },
    encryption: { vi: 'phần mã hóa sai cấu trúc', en: 'the encryption data is malformed' },
    'no-catalog': { vi: 'thiếu mục lục của tệp', en: 'the catalogue is missing' },
    'page-tree': { vi: 'cây trang sai cấu trúc', en: 'the page tree is malformed' },
    'form-tree': { vi: 'cây biểu mẫu sai cấu trúc', en: 'the form’s field tree is malformed' },
  },
  'pdf.limit': {
    pages: { vi: 'số trang', en: 'pages' },
    objects: { vi: 'số đối tượng', en: 'objects' },
    depth: { vi: 'số cấp lồng nhau', en: 'levels of nesting' },
    items: { vi: 'số phần tử trong một đối tượng', en: 'items in one object' },
    stringBytes: { vi: 'số byte của một chuỗi', en: 'bytes of one string' },
    streamBytes: { vi: 'số byte của một luồng cấu trúc', en: 'bytes of one structure stream' },
    totalStreamBytes: {
      vi: 'số byte của các luồng cấu trúc',
      en: 'bytes of all structure streams',
    },
    sections: { vi: 'số lần sửa đổi', en: 'revisions' },
    fields: { vi: 'số ô biểu mẫu', en: 'form fields' },
    signatures: { vi: 'số chữ ký', en: 'signatures' },
    work: { vi: 'tổng khối lượng phải đọc', en: 'everything to be read together' },
  },
  'reading.secrecy-mark': {
    mat: { vi: 'Mật', en: 'secret' },
    'toi-mat': { vi: 'Tối mật', en: 'highly secret' },
    'tuyet-mat': { vi: 'Tuyệt mật', en: 'top secret' },
  },
  'register.decision-needed': {
    register: { vi: 'được vào sổ', en: 'may be registered' },
    provisional: { vi: 'vào sổ tạm thời', en: 'may be registered provisionally' },
    decide: { vi: 'văn thư quyết định', en: 'the clerk decides' },
    ask: { vi: 'hỏi lại nơi gửi', en: 'ask the sender' },
    return: { vi: 'trả lại nơi gửi', en: 'return it to the sender' },
    'as-paper': { vi: 'chưa ký số, chỉ để tham khảo', en: 'unsigned, for reference only' },
  },
  'register.not-acceptable': {
    received: { vi: 'mới đến', en: 'new' },
    held: { vi: 'chờ bộ quét vi-rút', en: 'waiting for the virus scanner' },
    checked: { vi: 'đang kiểm tra', en: 'being checked' },
    reading: { vi: 'đang nhận dạng', en: 'being read' },
    proposed: { vi: 'đề xuất', en: 'proposed' },
    accepted: { vi: 'đã vào sổ', en: 'registered' },
    quarantined: { vi: 'cách ly', en: 'quarantined' },
    failed: { vi: 'tệp lỗi', en: 'failed' },
    dismissed: { vi: 'đã loại bỏ', en: 'set aside' },
  },
  'signing.certificate-unfit': {
    CA: { vi: 'chứng thư của cơ quan chứng thực', en: 'it is an authority’s own' },
    keyUsage: {
      vi: 'mục đích sử dụng khóa không gồm ký số',
      en: 'its key usage does not include signing',
    },
    extendedKeyUsage: {
      vi: 'chỉ được cấp cho mục đích khác',
      en: 'it is issued for other purposes only',
    },
  },
  'store.cannot-write': {
    'not-a-file': { vi: 'không phải tệp thường', en: 'it is not a regular file' },
  },
  'store.object-unreadable': {
    'not-a-file': { vi: 'không phải tệp thường', en: 'it is not a regular file' },
  },
  'sync.media-damaged': {
    missing: { vi: 'thiếu tệp', en: 'a file is missing' },
    unreadable: {
      vi: 'không đọc được, ổ có thể đã bị rút',
      en: 'it cannot be read; was the drive pulled out?',
    },
    'not-a-file': { vi: 'không phải tệp thường', en: 'it is not a regular file' },
    'too-large': { vi: 'lớn quá giới hạn', en: 'it is beyond the size limit' },
    size: { vi: 'không đúng độ dài đã ghi', en: 'it has not the length that was recorded' },
    hash: { vi: 'không đúng mã băm đã ghi', en: 'its hash is not the one that was recorded' },
    'our-export': {
      vi: 'đây là gói do cơ quan lập để gửi, không phải gói trả lời của tỉnh',
      en: 'this is a package that an office made, not an answer of the province',
    },
    'an-answer': {
      vi: 'đây là gói trả lời, không phải gói của cơ quan',
      en: 'this is an answer, not a package of an office',
    },
    manifest: { vi: 'bảng kê không đúng quy cách', en: 'the manifest is not in order' },
  },
  'verification.recheck-failed': verdicts,
  'verification.seal-not-confirmed': verdicts,
} as const satisfies Partial<Record<ErrorCode, Readonly<Record<string, Words>>>>;
