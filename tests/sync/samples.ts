import { buildEdxml, buildStatus } from '../../core/sync/edxml/build.ts';
import { statusCodes, statusMeaning, type EdxmlHeaderInput } from '../../core/sync/edxml/types.ts';

/** Every kind of edXML message, of our own composition with invented values; the committed files are in `fixtures/`. */
const commune = { organId: 'H99.01.02', organName: 'UBND xã B', organizationInCharge: 'UBND tỉnh A' };
const province = { organId: 'H99', organName: 'UBND tỉnh A' };
const department = { organId: '000.00.05.H99', organName: 'Sở Nội vụ tỉnh A', email: 'sonoivu@a.example' };

const base: EdxmlHeaderInput = {
  from: province,
  to: [commune, department],
  documentId: 'H99,2026/11/20,05/UBND-VP',
  codeNumber: '05',
  codeNotation: 'UBND-VP',
  place: 'A',
  promulgationDate: '2026-11-20',
  documentType: { type: '18', typeName: 'Công văn', typeDetail: '0' },
  subject: 'Về việc báo cáo công tác văn thư, lưu trữ <quý IV> & năm 2026',
  content: 'Đề nghị báo cáo công tác văn thư',
  signer: { competence: 'KT. CHỦ TỊCH', position: 'PHÓ CHỦ TỊCH', fullName: 'Nguyễn Văn Ấn' },
  dueDate: '2026-12-05',
  toPlaces: ['Như trên', 'Lưu: VT, VP'],
  priority: 1,
  sphereOfPromulgation: 'Trong tỉnh',
  typerNotation: 'NVA',
  promulgationAmount: 2,
  pageAmount: 3,
  appendixes: ['Mẫu báo cáo'],
  responseFor: [
    {
      organId: 'H99.01.02',
      code: '12/BC-UBND',
      promulgationDate: '2026-11-02',
      documentId: 'H99.01.02,2026/11/02,12/BC-UBND',
    },
    { organId: '000.00.05.H99', code: '7/SNV', promulgationDate: '2026-11-03', documentId: '' },
  ],
  steeringType: '0',
  trace: [
    { organId: 'H99', timestamp: '2026-11-20 15:04:05' },
    { organId: '000.00.00.G22', timestamp: '2026-11-20 15:05:00' },
  ],
};

const attachments = [
  { name: '05-UBND-VP.pdf', bytes: Buffer.from('%PDF-1.7 công văn mẫu\n') },
  { name: 'Mẫu báo cáo.xlsx', bytes: Buffer.from('bảng tính mẫu') },
];

const staff = { department: 'Văn phòng', staff: 'Trần Thị C', mobile: '0900000000', email: 'c@a.example' };

export const packageSamples: Readonly<Record<string, Buffer>> = {
  edoc_new: buildEdxml({
    ...base,
    business: { type: 'new', reason: 'Văn bản điện tử mới', paper: '0', staff },
    attachments,
  }),
  edoc_revocation: buildEdxml({
    ...base,
    business: { type: 'revocation', reason: 'Ban hành nhầm', documentId: base.documentId, paper: '0', staff },
    attachments: [],
  }),
  edoc_update: buildEdxml({
    ...base,
    business: {
      type: 'update',
      reason: 'Thêm nơi nhận',
      documentId: base.documentId,
      paper: '1',
      staff,
      changes: {
        documentInfo: true,
        documentReceiver: true,
        receivers: [
          { organId: 'H99.01.03', change: 'added' },
          { organId: '000.00.05.H99', change: 'removed' },
        ],
      },
    },
    attachments,
  }),
  edoc_replace: buildEdxml({
    ...base,
    business: {
      type: 'replace',
      reason: 'Thay thế văn bản sai thể thức',
      paper: '0',
      staff,
      replacements: [
        { documentId: 'H99,2026/11/18,03/UBND-VP', organIds: ['H99.01.02', '000.00.05.H99'] },
        { documentId: 'H99,2026/11/19,04/UBND-VP', organIds: ['H99.01.02'] },
      ],
    },
    attachments,
  }),
};

const statusFileNames = {
  '01': 'inbox',
  '02': 'rejection',
  '03': 'acceptance',
  '04': 'assignment',
  '05': 'processing',
  '06': 'finish',
  '13': 'cancellation',
  '15': 'change-acceptance',
  '16': 'change-rejection',
} as const;

export const statusSamples: Readonly<Record<string, Buffer>> = Object.fromEntries(
  statusCodes.map((statusCode) => [
    `status_${statusFileNames[statusCode]}_${statusCode}`,
    buildStatus({
      from: statusCode === '13' ? province : commune,
      responseFor: {
        organId: 'H99',
        code: '05/UBND-VP',
        promulgationDate: '2026-11-20',
        documentId: base.documentId,
      },
      staff,
      statusCode,
      description: statusMeaning[statusCode],
      timestamp: '2026-11-20 16:00:00',
    }),
  ]),
);
