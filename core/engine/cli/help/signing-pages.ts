import type { HelpPage } from './page.ts';
import { pinWords } from './token-pages.ts';

const forceWords = 'ghi đè tệp kết quả đã có';
const passwordWords = ['TÊN', 'biến môi trường chứa mật khẩu mở tệp PDF'] as const;
const certsWords = ['PEM|DIR…', 'chứng thư trung gian mà tệp hoặc thiết bị không kèm theo'] as const;

const levelWords = {
  tsa: ['URL', 'máy chủ cấp dấu thời gian'],
  trust: ['PEM|DIR…', 'chứng thư gốc tin cậy, cho cả chữ ký và dấu thời gian'],
  certs: certsWords,
  'password-env': passwordWords,
} as const satisfies HelpPage['options'];

const lookWords = {
  as: [
    'KIỂU',
    'diện mạo theo Nghị định 30: none (mặc định, không hiện trên trang), leader (lãnh đạo), agency (dấu cơ quan), scan (bản số hóa), copy (bản sao), annex (phụ lục), arrival-stamp (dấu ĐẾN)',
  ],
  purpose: [
    'agency|person|any',
    'chủ chứng thư phải là; any: ai cũng được; mặc định theo --as, none: ai cũng được',
  ],
  image: ['PNG', 'ảnh chữ ký (leader) hoặc ảnh dấu (agency); bắt buộc với hai kiểu này'],
  page: ['N|last', 'trang đặt chữ ký; mặc định: nơi có người ký (leader, agency), trang 1'],
  rect: ['x,y,w,h', 'chỗ đặt, mm từ góc trên bên trái trang; mặc định tìm theo Nghị định 30'],
  'agency-name': ['TÊN', 'tên cơ quan; bắt buộc với scan, copy, arrival-stamp'],
  'signer-name': ['TÊN', 'họ tên người ký in trên trang, để tìm chỗ đặt ảnh'],
  'copy-form': ['sao-y|sao-luc|trich-sao', 'hình thức sao; bắt buộc với copy'],
  number: ['SỐ', 'annex: số và ký hiệu văn bản, bắt buộc; arrival-stamp: số đến'],
  diameter: ['MM', 'agency: đường kính dấu, 15 đến 60; mặc định 36'],
} as const satisfies HelpPage['options'];

export const signingPages = {
  sign: {
    does: 'ký số tệp PDF theo PAdES; nhiều tệp là một loạt với một lần mở khóa',
    forms: [['sign FILE… --out FILE|DIR --key URI [TÙY CHỌN]']],
    options: {
      out: ['FILE|DIR', 'tệp đã ký (bắt buộc); nhiều tệp thì là thư mục, có / ở cuối thì được tạo'],
      key: [
        'URI',
        'khóa ký (bắt buộc): pkcs11:…?module-path=THƯ-VIỆN, hoặc file:///….p12 (khóa mềm, không dùng cho chữ ký chính thức)',
      ],
      ...pinWords,
      level: ['MỨC', 'B-B (mặc định), B-T, B-LT, B-LTA; trên B-B cần --tsa, từ B-LT cần cả --trust'],
      ...levelWords,
      ...lookWords,
      field: ['TÊN', 'trường chữ ký trống để ký vào, chưa có thì tạo; mặc định Signature1, 2…'],
      certify: [
        '1|2|3',
        'chữ ký chứng nhận, phải là chữ ký đầu tiên; sau đó chỉ được: 1 không gì, 2 điền biểu mẫu và ký, 3 thêm chú thích',
      ],
      reason: ['CHỮ', 'lý do ký'],
      location: ['CHỮ', 'nơi ký'],
      digest: ['sha256|sha384|sha512', 'hàm băm; mặc định theo trường chữ ký, không thì sha256'],
      scheme: ['KIỂU', 'auto (mặc định, theo loại khóa), rsa-pkcs1, rsa-pss, ecdsa'],
      'refuse-risks': 'không ký tệp có dấu hiệu rủi ro; mặc định: ký và cảnh báo',
      resume: 'làm tiếp loạt dở dang: giữ tệp khóa này đã ký xong, nâng mức tệp còn thiếu',
      force: forceWords,
      time: [
        'ISO8601',
        'thời điểm ký, có múi giờ, thay cho bây giờ; chỉ với khóa file:, ngoài dữ liệu của cơ quan thật',
      ],
    },
    examples: [
      'sign thu.pdf --out da-ky/ --key "pkcs11:token=UBND?module-path=/usr/lib/libbit4xpki.so" --pin-env PIN',
      'sign *.pdf --out da-ky/ --key file:///khoa.p12 --pin-file pin.txt --level B-T --tsa http://tsa.ca.gov.vn/ --resume',
    ],
  },
  extend: {
    does: 'nâng mức tệp PDF đã ký, hoặc gia hạn dấu thời gian cuối của B-LTA',
    forms: [['extend FILE… --out FILE|DIR --level B-T|B-LT|B-LTA [TÙY CHỌN]']],
    options: {
      out: ['FILE|DIR', 'tệp kết quả (bắt buộc); nhiều tệp thì là thư mục, có / ở cuối thì được tạo'],
      level: ['MỨC', 'B-T, B-LT hoặc B-LTA (bắt buộc); B-T và B-LTA cần --tsa, B-LT và B-LTA cần --trust'],
      ...levelWords,
      force: forceWords,
    },
    examples: [
      'extend da-ky.pdf --out lau-dai.pdf --level B-LTA --tsa http://tsa.ca.gov.vn/ --trust goc.pem',
    ],
  },
  fields: {
    does: 'tạo trường số, ngày trước khi lãnh đạo ký, rồi điền trước khi cơ quan ký',
    forms: [
      ['fields prepare FILE --out FILE --field TÊN=x,y,w,h… [--page N]', 'thêm trường trống vào tệp chưa ký'],
      ['fields fill FILE --out FILE --value TÊN=CHỮ…', 'điền trường; chữ ký đã có vẫn hợp lệ'],
    ],
    options: {
      out: ['FILE', 'tệp kết quả (bắt buộc)'],
      field: ['TÊN=x,y,w,h…', 'prepare: tên không có dấu chấm; chỗ tính bằng mm từ góc trên bên trái'],
      page: ['N', 'prepare: trang đặt các trường; mặc định 1'],
      value: ['TÊN=CHỮ…', 'fill: nội dung của trường'],
      force: forceWords,
      'password-env': passwordWords,
    },
    examples: [
      'fields prepare thu.pdf --out trinh-ky.pdf --field So=30,33,25,6 --field Ngay=120,33,40,6',
      'fields fill lanh-dao-da-ky.pdf --out co-so.pdf --value So=12/QĐ-UBND --value "Ngay=22/11/2026"',
    ],
  },
  verify: {
    does: 'kiểm tra chữ ký số của tệp PDF và gói edXML',
    forms: [['verify FILE… [TÙY CHỌN]']],
    options: {
      trust: ['PEM|DIR…', 'chứng thư gốc tin cậy; dùng cả cho dấu thời gian khi không có --trust-tsa'],
      'trust-tsa': ['PEM|DIR…', 'chứng thư gốc tin cậy riêng cho dấu thời gian'],
      certs: certsWords,
      crl: ['FILE…', 'danh sách thu hồi, PEM hoặc DER'],
      at: ['ISO8601', 'kết luận theo thời điểm này; mặc định bây giờ'],
      offline: 'không hỏi ai về thu hồi: chỉ xét dữ liệu trong tệp và --crl',
      'no-revocation': 'như --offline, và không coi việc chưa rõ tình trạng thu hồi là trở ngại',
      'require-revocation': 'chưa rõ tình trạng thu hồi thì chưa kết luận; đây là mặc định',
      'password-env': passwordWords,
      'report-pdf': ['FILE', 'ghi thêm phiếu kiểm tra chữ ký (PDF) để in'],
      force: 'ghi đè phiếu đã có',
    },
    examples: [
      'verify --trust goc.pem *.pdf',
      'verify --trust goc.pem goi.edxml --offline --crl thu-hoi.crl --json',
    ],
  },
} as const satisfies Readonly<Record<string, HelpPage>>;
