import { z } from 'zod';
import { isoDateSchema, sha256Schema } from '../../contract/common.ts';

/** The one namespace of QCVN 102:2016/BTTTT (domain/vietnam.md §5.1). */
export const EDXML_NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

const line = (max: number) => z.string().max(max).default('');
/** `yyyy-MM-dd HH:mm:ss`, Vietnam's wall clock as edXML writes it (there with slashes). */
const wallClockSchema = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);

/** From and To (domain/vietnam.md §5.2). Codes are kept as they came; old and new forms both occur (§4). */
const organizationSchema = z.object({
  organId: z.string().min(1).max(64),
  organizationInCharge: line(500),
  organName: line(500),
  organAdd: line(500),
  email: line(200),
  telephone: line(100),
  fax: line(100),
  website: line(300),
});
export type Organization = z.infer<typeof organizationSchema>;

/** The document that is answered, or that a status speaks of. */
const responseForSchema = z.object({
  organId: line(64),
  /** Số/ký hiệu in one string: as long as the two parts of a header may be, or the answer to it could not be sent. */
  code: line(301),
  promulgationDate: isoDateSchema.nullable().default(null),
  documentId: line(500),
});
export type ResponseFor = z.infer<typeof responseForSchema>;

const staffInfoSchema = z.object({
  department: line(300),
  departmentId: line(100),
  staff: line(200),
  staffId: line(100),
  mobile: line(100),
  email: line(200),
});
export type StaffInfo = z.infer<typeof staffInfoSchema>;

/** BussinessDocType 0–3 (domain/vietnam.md §5.3): mới, thu hồi, cập nhật, thay thế. */
export const businessTypes = ['new', 'revocation', 'update', 'replace'] as const;
const businessSchema = z.object({
  type: z.enum(businessTypes).default('new'),
  reason: line(2000),
  /** Of the document recalled or updated. */
  documentId: line(500),
  /** As it came: 0/1 by the sample, a page count by another note. */
  paper: line(10),
  staff: staffInfoSchema.nullable().default(null),
  /** Which parts an update changes, and which receivers were added or removed. */
  changes: z
    .object({
      documentInfo: z.boolean(),
      documentReceiver: z.boolean(),
      receivers: z.array(z.object({ organId: z.string().max(64), change: z.enum(['removed', 'added']) })),
    })
    .nullable()
    .default(null),
  replacements: z
    .array(z.object({ documentId: z.string().max(500), organIds: z.array(z.string().max(64)) }))
    .default([]),
});

/** OtherInfo/Priority: 0 thường 1 khẩn 2 thượng khẩn 3 hỏa tốc 4 hỏa tốc hẹn giờ. */
const prioritySchema = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export const edxmlHeaderSchema = z.object({
  from: organizationSchema,
  to: z.array(organizationSchema).min(1).max(20_000),
  documentId: z.string().min(1).max(500),
  codeNumber: z.string().max(100),
  codeNotation: z.string().max(200),
  place: line(300),
  promulgationDate: isoDateSchema.nullable().default(null),
  documentType: z
    .object({ type: line(20), typeName: line(200), typeDetail: line(20) })
    .default({ type: '', typeName: '', typeDetail: '' }),
  subject: line(5000),
  content: line(20_000),
  signer: z
    .object({ competence: line(300), position: line(300), fullName: line(300) })
    .default({ competence: '', position: '', fullName: '' }),
  /** The sender's wish; our own deadline is kept apart. */
  dueDate: isoDateSchema.nullable().default(null),
  /** Other recipients for their archives; not the decree's ToPlaces. */
  toPlaces: z.array(z.string().max(1000)).default([]),
  priority: prioritySchema.default(0),
  sphereOfPromulgation: line(500),
  typerNotation: line(100),
  promulgationAmount: z.number().int().nonnegative().nullable().default(null),
  pageAmount: z.number().int().nonnegative().nullable().default(null),
  appendixes: z.array(z.string().max(1000)).default([]),
  responseFor: z.array(responseForSchema).default([]),
  /** As it came: the notes conflict (domain/vietnam.md §5.2). */
  steeringType: line(10),
  trace: z
    .array(z.object({ organId: z.string().max(64), timestamp: wallClockSchema.nullable() }))
    .default([]),
  business: businessSchema.prefault({}),
  /** Whether the package carries a non-empty XML signature; it is not checked here. */
  signed: z.boolean().default(false),
});
export type EdxmlHeader = z.infer<typeof edxmlHeaderSchema>;
/** What `buildEdxml` needs: fields with defaults may be left out. */
export type EdxmlHeaderInput = z.input<typeof edxmlHeaderSchema>;

/** An attachment as it lies in the folder given to the parser. `name` is safe to show and to save under. */
const parsedAttachmentSchema = z.object({
  name: z.string().min(1).max(255),
  /** The name as the package gave it, when it had to be changed to be safe. */
  declaredName: z.string(),
  description: z.string(),
  contentId: z.string(),
  mediaType: z.string(),
  path: z.string(),
  sha256: sha256Schema,
  bytes: z.number().int().nonnegative(),
  /** True when it travelled zipped inside its base64 and was unzipped here. */
  unzipped: z.boolean(),
});
export type ParsedAttachment = z.infer<typeof parsedAttachmentSchema>;

const edxmlPackageSchema = edxmlHeaderSchema.extend({
  kind: z.literal('package'),
  attachments: z.array(parsedAttachmentSchema),
});
export type EdxmlPackage = z.infer<typeof edxmlPackageSchema>;

/** The nine codes in use (domain/vietnam.md §5.5). */
export const statusCodes = ['01', '02', '03', '04', '05', '06', '13', '15', '16'] as const;
const statusCodeSchema = z.enum(statusCodes);
export type StatusCode = z.infer<typeof statusCodeSchema>;

/** The clerk's words for a status code (domain/vietnam.md §5.5). */
export const statusMeaning: Readonly<Record<StatusCode, string>> = {
  '01': 'Đã đến',
  '02': 'Từ chối tiếp nhận',
  '03': 'Đã tiếp nhận',
  '04': 'Phân công',
  '05': 'Đang xử lý',
  '06': 'Hoàn thành',
  '13': 'Lấy lại',
  '15': 'Đồng ý lấy lại/cập nhật',
  '16': 'Từ chối lấy lại/cập nhật',
};

export const edxmlStatusSchema = z.object({
  kind: z.literal('status').default('status'),
  from: organizationSchema,
  /** The office that sent the document: some dialects name it, the rest leave it to ResponseFor. */
  to: z.array(organizationSchema).default([]),
  responseFor: responseForSchema,
  staff: staffInfoSchema.nullable().default(null),
  statusCode: statusCodeSchema,
  description: line(4000),
  timestamp: wallClockSchema,
});
export type EdxmlStatus = z.infer<typeof edxmlStatusSchema>;
/** What the parser gives; parse with this where it comes back from a worker. */
export const parsedEdxmlSchema = z.union([edxmlPackageSchema, edxmlStatusSchema]);
export type EdxmlStatusInput = z.input<typeof edxmlStatusSchema>;

/** Hard limits while reading a package from outside. All are inclusive. */
export interface EdxmlCaps {
  /** Size of the XML itself; 50 MB a file is one province's limit, and base64 adds a third (domain/vietnam.md §5.1). */
  readonly packageBytes: number;
  readonly elements: number;
  readonly depth: number;
  readonly attachments: number;
  /** Of one attachment, after base64 and unzipping. */
  readonly attachmentBytes: number;
  /** Of all attachments together. */
  readonly totalBytes: number;
  /** Unzipped size divided by zipped size; zip's own ceiling is about 1032. */
  readonly zipRatio: number;
}

export const defaultCaps: EdxmlCaps = {
  packageBytes: 100_000_000,
  elements: 100_000,
  depth: 32,
  attachments: 100,
  attachmentBytes: 64_000_000,
  totalBytes: 200_000_000,
  zipRatio: 200,
};
