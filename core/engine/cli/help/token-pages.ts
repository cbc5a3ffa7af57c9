import type { HelpPage } from './page.ts';

export const pinWords = {
  'pin-env': ['TÊN', 'biến môi trường chứa mã PIN; thiết bị có bàn phím riêng thì không cần'],
  'pin-file': ['FILE', 'tệp chứa mã PIN, quyền 0600; chỉ đọc khi không có --pin-env'],
  'confirm-last-try': 'chấp nhận dùng lượt thử cuối trước khi thiết bị bị khóa',
} as const satisfies HelpPage['options'];

export const tokenPages = {
  token: {
    does: 'thiết bị ký và thư viện PKCS#11 của máy này',
    forms: [
      ['token list [--module FILE]…', 'thư viện, thiết bị, chứng thư tìm thấy, và việc cần làm'],
      ['token watch [--module FILE]… [--seconds N]', 'báo khi cắm, rút thiết bị, đến khi nhấn Ctrl+C'],
      ['token test --key URI', 'ký thử; xem an-thu token test --help'],
      ['token add-module FILE', 'cho dùng một thư viện, sau khi nạp thử'],
      ['token remove-module FILE', 'thôi dùng một thư viện'],
      ['token register …', 'sổ thiết bị và chứng thư; xem an-thu token register --help'],
    ],
    options: {
      module: ['FILE…', 'list, watch: chỉ thư viện này; mặc định thư viện được dùng hoặc thấy trên máy'],
      seconds: ['N', 'watch: dừng sau N giây, nhiều nhất 86400; mặc định không dừng'],
    },
    examples: ['token list', 'token watch --seconds 60 --json-lines'],
  },
  'token test': {
    does: 'ký thử một lần và kiểm tra bằng khóa công khai của chứng thư',
    forms: [['token test --key URI [--pin-env TÊN|--pin-file FILE]']],
    options: {
      key: ['URI', 'khóa (bắt buộc): pkcs11:…?module-path=THƯ-VIỆN hoặc file:///….p12'],
      ...pinWords,
    },
    examples: ['token test --key "pkcs11:token=UBND?module-path=/usr/lib/libbit4xpki.so" --pin-env PIN'],
  },
  'token register': {
    does: 'sổ thiết bị ký và chứng thư của cơ quan, có biên bản bàn giao',
    forms: [
      ['token register list [--within N] [--retired]', 'hết hạn trước đứng trước'],
      ['token register add --key URI --name TÊN', 'ghi chứng thư của khóa đang cắm vào sổ'],
      ['token register hand-over ID --given-by TÊN --received-by TÊN', 'bàn giao cho người giữ mới'],
      ['token register change ID --reason CHỮ', 'đổi tên, mục đích hoặc ghi chú'],
      ['token register retire ID --reason CHỮ', 'thôi dùng: trả lại, thu hồi, mất'],
    ],
    options: {
      within: ['N', 'list: chỉ chứng thư đã hết hạn hoặc hết hạn trong N ngày, 0 đến 3660'],
      retired: 'list: kể cả thiết bị đã thôi dùng',
      key: ['URI', 'add: khóa đang cắm (bắt buộc); xem an-thu token list'],
      name: ['TÊN', 'add (bắt buộc), change: tên cơ quan đặt cho thiết bị'],
      holder: ['TÊN', 'add: người giữ'],
      purpose: ['agency|person', 'add (mặc định person), change: của cơ quan hay của cá nhân'],
      note: ['CHỮ', 'add, hand-over, change: ghi chú'],
      reason: ['CHỮ', 'change, retire: lý do (bắt buộc)'],
      'given-by': ['TÊN', 'hand-over: người giao (bắt buộc)'],
      'received-by': ['TÊN', 'hand-over: người nhận (bắt buộc)'],
      date: ['YYYY-MM-DD', 'hand-over: ngày bàn giao; mặc định hôm nay'],
    },
    examples: [
      'token register list --within 60',
      'token register hand-over ID --given-by "Nguyễn Văn A" --received-by "Trần Thị B"',
    ],
  },
  trust: {
    does: 'gốc tin cậy của thư mục dữ liệu, theo dấu vân tay',
    forms: [
      ['trust list'],
      [
        'trust import FILE [--purpose signature|timestamp] [--confirm VÂN-TAY]…',
        'thêm chứng thư của cơ quan chứng thực',
      ],
      ['trust remove VÂN-TAY [--reason CHỮ]'],
    ],
    options: {
      purpose: ['signature|timestamp', 'import: tin cho chữ ký hay cho dấu thời gian; mặc định signature'],
      confirm: ['VÂN-TAY…', 'import: dấu vân tay SHA-256 đã đối chiếu; cần cho gốc ngoài bảng đã biết'],
      reason: ['CHỮ', 'remove: lý do, ghi vào nhật ký; mặc định an-thu trust remove'],
    },
    examples: ['trust import goc-tsa.pem --purpose timestamp --confirm 3A:F1:…'],
  },
} as const satisfies Readonly<Record<string, HelpPage>>;
