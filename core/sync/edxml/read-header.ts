import { readDate, readWallClock } from './dates.ts';
import { all, invalid, one, textOf, type XmlTree } from './guarded-xml.ts';
import {
  businessTypes,
  edxmlHeaderSchema,
  type EdxmlHeader,
  type Organization,
  type ResponseFor,
  type StaffInfo,
} from './types.ts';

export function readOrganization(node: XmlTree | undefined): Organization {
  return {
    organId: textOf(node, 'OrganId'),
    organizationInCharge: textOf(node, 'OrganizationInCharge'),
    organName: textOf(node, 'OrganName'),
    organAdd: textOf(node, 'OrganAdd'),
    email: textOf(node, 'Email'),
    telephone: textOf(node, 'Telephone'),
    fax: textOf(node, 'Fax'),
    website: textOf(node, 'Website'),
  };
}

/** `Code` is `số/ký hiệu` in one string; one SDK writes CodeNumber and CodeNotation inside it. */
function readCode(node: XmlTree | undefined): string {
  const code = one(node, 'Code');
  if (!code || code.children.length === 0) return textOf(node, 'Code');
  return `${textOf(code, 'CodeNumber')}/${textOf(code, 'CodeNotation')}`;
}

export function readResponseFor(node: XmlTree): ResponseFor {
  return {
    organId: textOf(node, 'OrganId'),
    code: readCode(node),
    promulgationDate: readDate(textOf(node, 'PromulgationDate')),
    documentId: textOf(node, 'DocumentId'),
  };
}

export function readStaff(node: XmlTree | undefined): StaffInfo | null {
  if (!node) return null;
  return {
    department: textOf(node, 'Department'),
    departmentId: textOf(node, 'DepartmentId'),
    staff: textOf(node, 'Staff'),
    staffId: textOf(node, 'StaffId'),
    mobile: textOf(node, 'Mobile'),
    email: textOf(node, 'Email'),
  };
}

function readAmount(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function readPriority(text: string): number {
  if (text === '') return 0;
  if (!/^[0-4]$/.test(text)) throw invalid(`Priority ${text.slice(0, 20)}`);
  return Number(text);
}

/** A date that must be one when it is there: a wrong one is refused rather than forgotten. */
function readDateStrictly(node: XmlTree | undefined, name: string): string | null {
  const text = textOf(node, name);
  const date = readDate(text);
  if (text !== '' && date === null) throw invalid(`${name} is no date: ${text.slice(0, 30)}`);
  return date;
}

function readBusiness(node: XmlTree | undefined): unknown {
  if (!node) return {};
  const code = textOf(node, 'BussinessDocType');
  const type = code === '' ? 'new' : businessTypes[Number(code)];
  if (!/^[0-3]?$/.test(code) || !type) throw invalid(`BussinessDocType ${code.slice(0, 20)}`);
  const info = one(node, 'BussinessDocumentInfo');
  return {
    type,
    reason: textOf(node, 'BussinessDocReason'),
    documentId: textOf(node, 'DocumentId'),
    paper: textOf(node, 'Paper'),
    staff: readStaff(one(node, 'StaffInfo')),
    changes: info
      ? {
          documentInfo: textOf(info, 'DocumentInfo') === '1',
          documentReceiver: textOf(info, 'DocumentReceiver') === '1',
          receivers: all(one(info, 'ReceiverList'), 'Receiver').map((receiver) => ({
            organId: textOf(receiver, 'OrganId'),
            change: textOf(receiver, 'ReceiverType') === '0' ? 'removed' : 'added',
          })),
        }
      : null,
    replacements: all(one(node, 'ReplacementInfoList'), 'ReplacementInfo').map((item) => ({
      documentId: textOf(item, 'DocumentId'),
      organIds: all(one(item, 'OrganIdList'), 'OrganId').map((organ) => organ.text().normalize('NFC').trim()),
    })),
  };
}

const texts = (nodes: readonly XmlTree[]) => nodes.map((node) => node.text().normalize('NFC').trim());

/** Reads the header of a package by element name, never by order (domain/vietnam.md §5.1–5.3). */
export function readHeader(envelope: XmlTree | undefined): EdxmlHeader {
  const header = one(envelope, 'edXMLHeader');
  const message = one(header, 'MessageHeader');
  if (!message) throw invalid('MessageHeader is missing');
  const traceList = one(header, 'TraceHeaderList');
  const code = one(message, 'Code');
  const promulgation = one(message, 'PromulgationInfo');
  const type = one(message, 'DocumentType');
  const signer = one(message, 'SignerInfo');
  const other = one(message, 'OtherInfo');
  const signatures = [...all(header, 'DigitalSignature'), ...all(header, 'Signature')];
  const parsed = edxmlHeaderSchema.safeParse({
    from: readOrganization(one(message, 'From')),
    to: all(message, 'To').map(readOrganization),
    documentId: textOf(message, 'DocumentId'),
    codeNumber: textOf(code, 'CodeNumber'),
    codeNotation: textOf(code, 'CodeNotation'),
    place: textOf(promulgation, 'Place'),
    promulgationDate: readDateStrictly(promulgation, 'PromulgationDate'),
    documentType: {
      type: textOf(type, 'Type'),
      typeName: textOf(type, 'TypeName'),
      typeDetail: textOf(type, 'TypeDetail'),
    },
    subject: textOf(message, 'Subject'),
    content: textOf(message, 'Content'),
    signer: {
      competence: textOf(signer, 'Competence'),
      position: textOf(signer, 'Position'),
      fullName: textOf(signer, 'FullName'),
    },
    dueDate: readDateStrictly(message, 'DueDate'),
    toPlaces: texts(all(one(message, 'ToPlaces'), 'Place')),
    priority: readPriority(textOf(other, 'Priority')),
    sphereOfPromulgation: textOf(other, 'SphereOfPromulgation'),
    typerNotation: textOf(other, 'TyperNotation'),
    promulgationAmount: readAmount(textOf(other, 'PromulgationAmount')),
    pageAmount: readAmount(textOf(other, 'PageAmount')),
    appendixes: texts(all(one(other, 'Appendixes'), 'Appendix')),
    responseFor: all(message, 'ResponseFor').map(readResponseFor),
    steeringType: textOf(message, 'SteeringType'),
    trace: all(traceList, 'TraceHeader').map((hop) => ({
      organId: textOf(hop, 'OrganId'),
      timestamp: readWallClock(textOf(hop, 'Timestamp')),
    })),
    business: readBusiness(one(traceList, 'Bussiness')),
    signed: signatures.some((signature) => signature.children.length > 0),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`${issue?.path.join('.') ?? 'header'}: ${issue?.message ?? 'wrong'}`);
  }
  return parsed.data;
}
