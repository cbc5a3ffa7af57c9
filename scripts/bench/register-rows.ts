import { randomBytes } from 'node:crypto';
import { AuditLog } from '../../core/audit/audit-log.ts';
import type { ArrivalFields } from '../../core/contract/intake.ts';
import { Documents } from '../../core/documents/documents.ts';
import { listRegisters, mainAgency } from '../../core/engine/context.ts';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { ArrivalRegister } from '../../core/register/arrival-register.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { seededRandom } from '../samples/prng.ts';

/** Rows of one commit. */
const BATCH = 5_000;
/** Years of the register, oldest first; the rows are shared out evenly. */
export const benchYears = [2022, 2023, 2024, 2025, 2026] as const;

const provinces = ['An Lạc', 'Bình Hải', 'Đông Sơn', 'Phú Điền', 'Quảng Thịnh', 'Thanh Giang'];
const communes = [
  'Hòa Thịnh',
  'Tân Lập',
  'Đức Hòa',
  'Mỹ Phước',
  'Vĩnh Thạnh',
  'Xuân Lộc',
  'Yên Bình',
  'Long Khánh',
];
const departments = [
  ['Sở Nội vụ', 'SNV'],
  ['Sở Tài chính', 'STC'],
  ['Sở Giáo dục và Đào tạo', 'SGDĐT'],
  ['Sở Y tế', 'SYT'],
  ['Sở Nông nghiệp và Môi trường', 'SNNMT'],
  ['Sở Xây dựng', 'SXD'],
  ['Sở Khoa học và Công nghệ', 'SKHCN'],
  ['Công an tỉnh', 'CAT'],
  ['Thanh tra tỉnh', 'TTr'],
  ['Bảo hiểm xã hội tỉnh', 'BHXH'],
  ['Thuế tỉnh', 'CT'],
] as const;
const types = [
  ['Công văn', '', 60],
  ['Quyết định', 'QĐ', 12],
  ['Báo cáo', 'BC', 7],
  ['Kế hoạch', 'KH', 6],
  ['Thông báo', 'TB', 6],
  ['Giấy mời', 'GM', 5],
  ['Tờ trình', 'TTr', 3],
  ['Chỉ thị', 'CT', 1],
] as const;
const verbs = [
  'V/v triển khai',
  'V/v báo cáo',
  'V/v rà soát',
  'V/v tăng cường',
  'Về việc phối hợp',
  'Về việc hướng dẫn',
  'Về việc giải quyết',
];
const matters = [
  'công tác phòng, chống thiên tai và tìm kiếm cứu nạn',
  'công tác cải cách hành chính, cải cách chế độ công vụ',
  'tình hình quản lý, sử dụng đất đai trên địa bàn',
  'kết quả thực hiện nhiệm vụ phát triển kinh tế – xã hội',
  'việc cấp giấy chứng nhận quyền sử dụng đất',
  'công tác bầu cử đại biểu Quốc hội và đại biểu Hội đồng nhân dân các cấp',
  'bảo đảm an toàn giao thông trong dịp Tết Nguyên đán',
  'công tác tiêm chủng mở rộng và phòng, chống dịch bệnh',
  'chế độ, chính sách đối với người có công với cách mạng',
  'đơn kiến nghị, phản ánh của công dân',
  'dự toán ngân sách nhà nước và kế hoạch đầu tư công',
  'chuyển đổi số và sử dụng chữ ký số chuyên dùng công vụ',
  'công tác văn thư, lưu trữ và lập hồ sơ công việc',
  'nâng cấp, mở rộng tuyến đường liên xã',
];
const families = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ'];
const middles = ['Văn', 'Thị', 'Đức', 'Minh', 'Thu', 'Hữu', 'Ngọc', 'Quang'];
const given = [
  'An',
  'Bình',
  'Cường',
  'Dũng',
  'Đạt',
  'Giang',
  'Hà',
  'Hùng',
  'Lan',
  'Mai',
  'Nam',
  'Phúc',
  'Sơn',
  'Thảo',
  'Vinh',
];
const receivers = [
  'Chủ tịch',
  'Phó Chủ tịch',
  'Văn phòng',
  'Phòng Kinh tế',
  'Phòng Văn hóa – Xã hội',
  'Công chức địa chính',
];

/** Invented fields of the `index`-th arrival, distributed like a commune's post: few issuers write most letters. */
function fieldsOf(random: () => number, index: number): ArrivalFields {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const province = pick(provinces);
  const office = random();
  const [department, short] = pick(departments);
  const [issuer, code] =
    office < 0.45
      ? [`Ủy ban nhân dân tỉnh ${province}`, 'UBND']
      : office < 0.85
        ? [`${department} ${department.endsWith('tỉnh') ? '' : 'tỉnh '}${province}`, short]
        : [`Ủy ban nhân dân xã ${pick(communes)}`, 'UBND'];
  const [typeName, sign] = pickType(random() * 100);
  const month = String(1 + Math.floor(random() * 12)).padStart(2, '0');
  const day = String(1 + Math.floor(random() * 28)).padStart(2, '0');
  const year = pick(benchYears);
  return {
    issuer,
    docNumber: String(1 + Math.floor(random() * 9_000)),
    docNotation: sign === '' ? `${code}-${pick(['VP', 'NC', 'KT', 'VX', 'TH'])}` : `${sign}-${code}`,
    docDate: `${year}-${month}-${day}`,
    typeName,
    subject: `${pick(verbs)} ${pick(matters)} ${pick(['xã', 'thôn', 'tổ dân phố'])} ${pick(communes)} năm ${year} (đợt ${index % 97})`,
    receiver: random() < 0.7 ? pick(receivers) : '',
    note: random() < 0.05 ? 'Bản giấy đến sau' : '',
    urgency: random() < 0.04 ? 'khan' : 'thuong',
    dueDate: null,
    signerName: `${pick(families)} ${pick(middles)} ${pick(given)}`,
  };
}

function pickType(at: number): readonly [string, string] {
  let left = at;
  for (const [name, sign, share] of types) {
    if (left < share) return [name, sign];
    left -= share;
  }
  return ['Công văn', ''];
}

/** A data folder of an agency whose arrival register has `rows` entries, made through the register's own code. */
export async function makeFilledRegister(dataDir: string, rows: number): Promise<void> {
  await setUpAgency(dataDir, {
    agency: { name: 'Ủy ban nhân dân xã Hòa Thịnh', organId: 'H99.33', demo: true },
    registers: [{ name: 'Sổ văn bản đến' }],
    settings: { scanner: { mode: 'left-out' } },
  });
  const database = Database.open(dataFolderAt(dataDir).database);
  try {
    fill(database, rows);
  } finally {
    database.close();
  }
}

function fill(database: Database, rows: number): void {
  const register = new ArrivalRegister(database, new AuditLog(database, systemClock), systemClock);
  const documents = new Documents(database, systemClock);
  const [book] = listRegisters(database);
  const agency = mainAgency(database);
  if (!book) throw new Error('the agency has no register');
  const random = seededRandom(20_261_121);
  const perYear = Math.ceil(rows / benchYears.length);
  for (let start = 0; start < rows; start += BATCH) {
    database.transaction(() => {
      for (let index = start; index < Math.min(rows, start + BATCH); index++) {
        const year = benchYears[Math.min(Math.floor(index / perYear), benchYears.length - 1)];
        const day = Math.floor(((index % perYear) / perYear) * 300);
        const arrivalDate = new Date(Date.UTC(year ?? 2026, 0, 2 + day)).toISOString().slice(0, 10);
        const documentId = documents.create(agency.id, 'sealed');
        register.enter(
          {
            registerId: book.id,
            documentId,
            origin: 'paper',
            fields: fieldsOf(random, index),
            arrivalDate,
            duplicateAccepted: true,
          },
          'an-thu bench',
        );
        queueDelivery(database, documentId);
      }
    });
  }
}

/** Each entry was delivered: the list joins the newest outbox row of its document. */
function queueDelivery(database: Database, documentId: string): void {
  const id = randomBytes(16).toString('hex');
  database.run(
    `INSERT INTO outbox (id, kind, label, document_id, body, effect, state, created_at, acked_at)
     VALUES (@id, 'arrival-record', 'mẫu', @documentId, '{}', @id, 'acked', @now, @now)`,
    { id, documentId, now: '2026-11-21T01:30:00.000Z' },
  );
}
