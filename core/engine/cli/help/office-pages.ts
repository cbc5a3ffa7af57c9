import type { HelpPage } from './page.ts';

export const officePages = {
  agency: {
    does: 'khởi tạo thư mục dữ liệu của cơ quan',
    forms: [['agency init --file FILE']],
    options: {
      file: [
        'FILE',
        'agency.json: cơ quan, sổ, chứng thư, thiết lập (bắt buộc); đường dẫn trong tệp tính từ chỗ của tệp',
      ],
    },
    examples: ['agency init --file agency.json --data ./data'],
  },
  intake: {
    does: 'tiếp nhận bản quét và gói văn bản điện tử',
    forms: [
      ['intake add FILE…', 'tiếp nhận, chờ xử lý xong (nhiều nhất 10 phút)'],
      ['intake watch [DIR…] [--once]', 'theo dõi thư mục quét; DIR thay các thư mục trong thiết lập'],
      ['intake list', 'hộp thư quét; tệp mà máy khác đang giữ và nằm ở đâu'],
    ],
    options: { once: 'watch: dừng khi hết việc, nhiều nhất sau 10 phút; mặc định đến khi nhấn Ctrl+C' },
    examples: ['intake watch ./scans --once --data ./data'],
  },
  register: {
    does: 'sổ đăng ký văn bản đến',
    forms: [
      ['register accept ID [--field TÊN=CHỮ]…', 'vào sổ tệp đã tiếp nhận (ID của intake list) và lấy số đến'],
      ['register void ID --reason CHỮ', 'hủy một mục (ID của register list --json)'],
      ['register show ID', 'một mục; --json: cả văn bản'],
      ['register list [CHỮ…]', 'các mục, số mới trước; CHỮ như với search'],
      [
        'register gaps',
        'số đến đã cấp nhưng mất nội dung đăng ký sau khi phục hồi từ bản sao lưu, chưa vào lại',
      ],
      ['register search CHỮ…', 'mục có mọi từ đã cho, mỗi từ có thể chỉ là phần đầu, không cần dấu'],
      ['register print --out FILE', 'in sổ ra PDF theo mẫu Nghị định 30: bìa, mười cột, A4 ngang'],
      ['register export --out FILE', 'mọi trường của các mục ra CSV hoặc JSON'],
    ],
    options: {
      field: [
        'TÊN=CHỮ…',
        'accept: thay giá trị đề xuất của issuer, docNumber, docNotation, docDate, typeName, subject, receiver, note, urgency, dueDate, signerName',
      ],
      'lost-number': [
        'SỐ/NĂM',
        'accept: vào lại đúng số đến đã đóng dấu, một trong các số của register gaps',
      ],
      'arrival-date': ['YYYY-MM-DD', 'accept: ngày đến; mặc định hôm nay'],
      'duplicate-accepted': 'accept: vẫn vào sổ khi văn bản này đã có trong sổ',
      decision: ['CHỮ', 'accept: vì sao vẫn vào sổ khi chữ ký hay rủi ro do văn thư quyết định'],
      reason: ['CHỮ', 'void: lý do (bắt buộc)'],
      register: ['ID', 'accept, list, search, print, export: sổ nào; mặc định sổ đầu tiên'],
      year: ['NĂM', 'list, search, print, export: năm của số đến; với print mặc định năm nay'],
      from: ['YYYY-MM-DD', 'list, search, print, export: ngày đến từ ngày này'],
      to: ['YYYY-MM-DD', 'list, search, print, export: ngày đến hết ngày này'],
      'from-number': ['N', 'print, export: từ số đến này'],
      'to-number': ['N', 'print, export: đến hết số đến này'],
      limit: ['N', 'list, search: nhiều nhất N mục, 1 đến 1000; mặc định 100'],
      out: ['FILE', 'print, export: tệp kết quả (bắt buộc)'],
      force: 'print, export: ghi đè tệp đã có',
      volume: ['SỐ', 'print: quyển số; không có thì để trống trên bìa'],
      format: ['csv|json', 'export: mặc định theo đuôi tên tệp, tên khác là csv'],
      separator: ['comma|semicolon', 'export: dấu ngăn cột của CSV; comma (mặc định)'],
    },
    examples: [
      'register accept ID --field docNumber=12 --field docDate=2026-11-20',
      'register search ke hoach --year 2026',
      'register print --year 2026 --from-number 1 --to-number 500 --volume 01 --out so-den.pdf',
      'register export --year 2026 --out so-den.csv',
    ],
  },
  report: {
    does: 'số liệu văn bản đến của một quý hoặc một năm, đếm từ sổ',
    forms: [['report quarter --year NĂM --quarter N [--out FILE]'], ['report year --year NĂM [--out FILE]']],
    options: {
      year: ['NĂM', 'năm báo cáo (bắt buộc)'],
      quarter: ['N', 'quarter: quý, 1 đến 4 (bắt buộc)'],
      register: ['ID', 'sổ nào; mặc định sổ đầu tiên'],
      out: ['FILE', 'ghi thêm báo cáo ra PDF'],
      force: 'ghi đè tệp đã có',
    },
    examples: ['report quarter --year 2026 --quarter 3', 'report year --year 2026 --out bao-cao-2026.pdf'],
  },
  sync: {
    does: 'gửi và nhận với hệ thống của tỉnh, qua mạng hoặc qua USB',
    forms: [
      ['sync run [--retry-blocked]', 'làm xong việc đang chờ rồi gửi, nhận một lượt'],
      ['sync status', 'hàng đợi đồng bộ; gói USB nào đang mang mục nào'],
      [
        'sync export DIR [--retry-blocked]',
        'ghi mọi mục chưa có biên nhận thành một gói trong DIR để mang đến tỉnh',
      ],
      ['sync import DIR', 'nhập gói trả lời của tỉnh trong DIR: biên nhận và văn bản điện tử'],
    ],
    options: { 'retry-blocked': 'run, export: kể cả các mục lỗi' },
    examples: ['sync run --retry-blocked', 'sync export /media/usb', 'sync import /media/usb'],
  },
  archive: {
    does: 'kho lưu trữ: kiểm tra toàn vẹn, gói nộp lưu, gia hạn dấu thời gian',
    forms: [
      ['archive check', 'đọc lại mọi tệp đã lưu và so mã băm'],
      [
        'archive export DIR [--year NĂM] [--from YYYY-MM-DD] [--to YYYY-MM-DD]',
        'ghi tệp, bảng kê XML và JSON, phiếu kiểm tra và mã băm thành một gói trong DIR, theo thứ tự thời gian',
      ],
      [
        'archive retain [--within N] [--ends TÊN=YYYY-MM-DD]… [--limit N] [--list]',
        'thêm dấu thời gian mới cho tệp đã ký có dấu thời gian cuối sắp hết hạn; tệp cũ được giữ',
      ],
    ],
    options: {
      register: ['ID', 'export: sổ nào; mặc định sổ đầu tiên'],
      year: ['NĂM', 'export: năm của số đến'],
      from: ['YYYY-MM-DD', 'export: ngày đến từ ngày này'],
      to: ['YYYY-MM-DD', 'export: ngày đến hết ngày này'],
      within: ['N', 'retain: hết hạn trong N ngày tới, hoặc đã hết hạn; mặc định 180'],
      ends: [
        'TÊN=YYYY-MM-DD…',
        'retain: ngày cuối của một thuật toán, tên như trong kết quả verify, như sha256',
      ],
      limit: ['N', 'retain: dừng sau khi gia hạn N tệp, hết hạn trước làm trước'],
      list: 'retain: chỉ liệt kê, không thay đổi gì',
    },
    examples: [
      'archive check --json',
      'archive export /media/usb --year 2026',
      'archive retain --within 365 --list',
    ],
  },
  backup: {
    does: 'sao lưu và phục hồi dữ liệu của cơ quan',
    forms: [
      [
        'backup create DIR [--keep N]',
        'thêm một bộ vào thư mục sao lưu DIR; chỉ chép tệp mới, đầu tháng chép đủ',
      ],
      ['backup verify DIR [--set TÊN]', 'đọc lại mọi bộ (hoặc một bộ): mã băm, sổ, nhật ký, từng tệp'],
      [
        'backup restore DIR --last-number SỐ/NĂM',
        'phục hồi vào thư mục mới, nêu bằng --data; không bao giờ ghi đè',
      ],
      ['backup restore DIR --drill', 'phục hồi thử vào chỗ tạm, so sánh, xóa đi và nói đã chứng minh gì'],
    ],
    options: {
      new: 'create: bắt đầu thư mục sao lưu mới tại DIR; không có thì DIR phải sẵn có (ổ đĩa đã cắm)',
      full: 'create: chép lại mọi tệp, không dùng chung với bộ trước',
      keep: ['N', 'create: giữ N bộ mới nhất, kể cả bộ này; mặc định giữ tất cả'],
      set: ['TÊN', 'verify, restore: bộ nào; mặc định mọi bộ, với restore là bộ mới nhất'],
      'last-number': [
        'SỐ/NĂM…',
        'restore: số đến cuối đã cấp trước khi mất dữ liệu (xem dấu ĐẾN cuối cùng); nhiều sổ: «TÊN SỔ:SỐ/NĂM»',
      ],
      'server-secret-file': [
        'FILE',
        'restore: mật khẩu tài khoản tại hệ thống của tỉnh (không có trong bản sao lưu)',
      ],
      manifest: ['MÃ', 'verify, restore: mã bản kê đã ghi lại khi sao lưu; khác thì từ chối'],
      'without-damaged': 'restore: vẫn phục hồi khi chỉ có tệp lưu trữ bị hỏng, bỏ các tệp đó',
      drill: 'restore: chỉ phục hồi thử',
    },
    examples: [
      'backup create /media/sao-luu/an-thu --new',
      'backup create /media/sao-luu/an-thu --keep 60',
      'backup restore /media/sao-luu/an-thu --drill',
      'backup restore /media/sao-luu/an-thu --data ./data-moi --last-number 125/2026',
    ],
  },
  audit: {
    does: 'nhật ký: kiểm tra chuỗi mã băm, xuất ra tệp',
    forms: [
      ['audit verify [--file FILE]', 'đi hết chuỗi của thư mục dữ liệu, hoặc chỉ của một tệp đã xuất'],
      ['audit export --out FILE', 'mọi mục, mỗi dòng một JSON, kiểm tra lại được mà không cần sổ'],
    ],
    options: {
      file: ['FILE', 'verify: tệp của audit export; không đụng đến thư mục dữ liệu'],
      head: ['MÃ', 'verify: mã băm đã ghi lại nơi khác (giấy, biên bản); chuỗi phải đi qua mã này'],
      out: ['FILE', 'export: tệp cần ghi (bắt buộc)'],
      force: 'export: ghi đè tệp đã có',
    },
    examples: ['audit export --out nhat-ky.jsonl', 'audit verify --file nhat-ky.jsonl'],
  },
  update: {
    does: 'gói cập nhật cho máy không nối mạng, và đường quay về phiên bản trước',
    forms: [
      ['update status', 'phiên bản, và các bản sao sổ trước khi cập nhật'],
      ['update check FILE [--key PEM]', 'kiểm tra gói, không thay đổi gì'],
      ['update stage FILE', 'kiểm tra gói và để sẵn bộ cài'],
      ['update roll-back [--to PHIÊN-BẢN]', 'chuẩn bị dữ liệu cho phiên bản trước'],
    ],
    options: {
      key: ['PEM', 'check: khóa công khai dùng thay khóa kèm phần mềm'],
      to: ['PHIÊN-BẢN', 'roll-back: phiên bản cần về; mặc định phiên bản trước lần cập nhật cuối'],
    },
    examples: ['update check goi-cap-nhat'],
  },
  doctor: {
    does: 'tình trạng của phần mềm, thiết bị và dịch vụ, và việc cần làm',
    forms: [['doctor [--bundle FILE]']],
    options: {
      bundle: ['FILE', 'ghi thêm gói hỗ trợ, không có mã PIN hay khóa'],
      force: 'ghi đè gói đã có',
    },
    examples: ['doctor --bundle ho-tro.json'],
  },
  bench: {
    does: 'đo tốc độ; chỉ trong thư mục mã nguồn',
    forms: [['bench [TÊN…]', 'mặc định mọi phép đo; tên sai thì in danh sách']],
    options: {
      json: 'in một tài liệu JSON',
      write: 'ghi kết quả vào docs/benchmarks.md; không dùng với --tiny',
      strict: 'kết thúc với mã 1 khi một ngưỡng không đạt',
      tiny: 'mẫu nhỏ, chỉ để thử',
    },
    examples: ['bench sign verify'],
    common: 'not-taken',
  },
} as const satisfies Readonly<Record<string, HelpPage>>;
