import { createHash } from 'node:crypto';
import { writeDate } from './dates.ts';
import { mediaTypeOfName } from './media-type.ts';
import {
  EDXML_NAMESPACE,
  businessTypes,
  edxmlHeaderSchema,
  edxmlStatusSchema,
  type EdxmlHeader,
  type EdxmlHeaderInput,
  type EdxmlStatusInput,
  type Organization,
  type ResponseFor,
  type StaffInfo,
} from './types.ts';
import { element, group, optional, writeXml, type XmlNode } from './xml-writer.ts';

export interface AttachmentInput {
  readonly name: string;
  readonly description?: string;
  readonly bytes: Uint8Array;
  /** By the name's ending when left out. */
  readonly mediaType?: string;
}

const p = (name: string) => `edXML:${name}`;
const opt = (name: string, text: string | number | null) => optional(p(name), text);

function organization(name: 'From' | 'To', o: Organization): XmlNode {
  return element(p(name), [
    element(p('OrganId'), o.organId),
    opt('OrganizationInCharge', o.organizationInCharge),
    element(p('OrganName'), o.organName),
    opt('OrganAdd', o.organAdd),
    opt('Email', o.email),
    opt('Telephone', o.telephone),
    opt('Fax', o.fax),
    opt('Website', o.website),
  ]);
}

function responseFor(r: ResponseFor): XmlNode {
  return element(p('ResponseFor'), [
    opt('OrganId', r.organId),
    opt('Code', r.code),
    opt('PromulgationDate', r.promulgationDate && writeDate(r.promulgationDate)),
    opt('DocumentId', r.documentId),
  ]);
}

function staffInfo(s: StaffInfo | null): XmlNode | undefined {
  if (!s) return undefined;
  return group(p('StaffInfo'), [
    opt('Department', s.department),
    opt('DepartmentId', s.departmentId),
    opt('Staff', s.staff),
    opt('StaffId', s.staffId),
    opt('Mobile', s.mobile),
    opt('Email', s.email),
  ]);
}

function messageHeader(h: EdxmlHeader): XmlNode {
  return element(p('MessageHeader'), [
    organization('From', h.from),
    ...h.to.map((to) => organization('To', to)),
    element(p('Code'), [element(p('CodeNumber'), h.codeNumber), element(p('CodeNotation'), h.codeNotation)]),
    group(p('PromulgationInfo'), [
      opt('Place', h.place),
      opt('PromulgationDate', h.promulgationDate && writeDate(h.promulgationDate)),
    ]),
    group(p('DocumentType'), [
      opt('Type', h.documentType.type),
      opt('TypeName', h.documentType.typeName),
      opt('TypeDetail', h.documentType.typeDetail),
    ]),
    element(p('Subject'), h.subject),
    element(p('Content'), h.content || h.subject),
    group(p('SignerInfo'), [
      opt('Competence', h.signer.competence),
      opt('Position', h.signer.position),
      opt('FullName', h.signer.fullName),
    ]),
    opt('DueDate', h.dueDate && writeDate(h.dueDate)),
    group(
      p('ToPlaces'),
      h.toPlaces.map((place) => element(p('Place'), place)),
    ),
    element(p('OtherInfo'), [
      element(p('Priority'), String(h.priority)),
      opt('SphereOfPromulgation', h.sphereOfPromulgation),
      opt('TyperNotation', h.typerNotation),
      opt('PromulgationAmount', h.promulgationAmount),
      opt('PageAmount', h.pageAmount),
      group(
        p('Appendixes'),
        h.appendixes.map((appendix) => element(p('Appendix'), appendix)),
      ),
    ]),
    ...h.responseFor.map(responseFor),
    opt('SteeringType', h.steeringType),
    element(p('DocumentId'), h.documentId),
  ]);
}

function business(h: EdxmlHeader): XmlNode {
  const b = h.business;
  const flag = (value: boolean) => (value ? '1' : '0');
  return element(p('Bussiness'), [
    element(p('BussinessDocType'), String(businessTypes.indexOf(b.type))),
    opt('BussinessDocReason', b.reason),
    opt('DocumentId', b.documentId),
    opt('Paper', b.paper),
    staffInfo(b.staff),
    b.changes
      ? element(p('BussinessDocumentInfo'), [
          element(p('DocumentInfo'), flag(b.changes.documentInfo)),
          element(p('DocumentReceiver'), flag(b.changes.documentReceiver)),
          group(
            p('ReceiverList'),
            b.changes.receivers.map((receiver) =>
              element(p('Receiver'), [
                element(p('OrganId'), receiver.organId),
                element(p('ReceiverType'), flag(receiver.change === 'added')),
              ]),
            ),
          ),
        ])
      : undefined,
    group(
      p('ReplacementInfoList'),
      b.replacements.map((item) =>
        element(p('ReplacementInfo'), [
          element(p('DocumentId'), item.documentId),
          group(
            p('OrganIdList'),
            item.organIds.map((organId) => element(p('OrganId'), organId)),
          ),
        ]),
      ),
    ),
  ]);
}

function document(envelope: readonly XmlNode[], after: readonly XmlNode[]): Buffer {
  const root = element(
    'edXML',
    [element(p('edXMLEnvelope'), envelope, { 'xmlns:edXML': EDXML_NAMESPACE }), ...after],
    {
      xmlns: EDXML_NAMESPACE,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
    },
  );
  return Buffer.from(`<?xml version="1.0" encoding="utf-8"?>\n${writeXml(root)}`, 'utf8');
}

/**
 * An edXML package (UTF-8) in the element order of the .NET sample (domain/vietnam.md §5.1–5.3). Attachments travel
 * as plain base64, never zipped, with content ids made from their hashes; the same input gives the same bytes.
 */
export function buildEdxml(
  input: EdxmlHeaderInput & { readonly attachments: readonly AttachmentInput[] },
): Buffer {
  const header = edxmlHeaderSchema.parse(input);
  const attachments = input.attachments.map((attachment, index) => ({
    ...attachment,
    contentId: `${index + 1}-${createHash('sha256').update(attachment.bytes).digest('hex').slice(0, 24)}`,
    mediaType: attachment.mediaType ?? mediaTypeOfName(attachment.name),
    description: attachment.description ?? (index === 0 ? 'Văn bản chính' : 'Tài liệu kèm theo'),
  }));
  const traceId = createHash('sha256').update(header.documentId).digest('hex').slice(0, 8);
  const envelope = [
    element(p('edXMLHeader'), [
      messageHeader(header),
      element(
        p('TraceHeaderList'),
        [
          ...header.trace.map((hop) =>
            element(p('TraceHeader'), [
              element(p('OrganId'), hop.organId),
              opt('Timestamp', hop.timestamp && writeDate(hop.timestamp)),
            ]),
          ),
          business(header),
        ],
        {
          id: traceId,
          version: '1.0',
          mustUnderstand: '1',
          actor: 'http://schemas.xmlsoap.org/soap/actor/next',
        },
      ),
      element(p('DigitalSignature'), []),
    ]),
    element(p('edXMLBody'), [
      element(
        p('edXMLManifest'),
        attachments.map((attachment) =>
          element(
            p('Reference'),
            [
              element(p('Description'), attachment.description),
              element(p('AttachmentName'), attachment.name),
              element(p('ContentType'), attachment.mediaType),
              element(p('ContentId'), `cid:${attachment.contentId}`),
            ],
            {
              'xmlns:xlink': 'http://www.w3.org/1999/xlink',
              'xlink:href': `cid:${attachment.contentId}`,
              'xlink:role': 'XLinkRole',
              'xlink:type': 'simple',
            },
          ),
        ),
        { version: '1.0' },
      ),
    ]),
  ];
  const encoded = element(
    'AttachmentEncoded',
    attachments.map((attachment) =>
      element('Attachment', [
        element('ContentType', attachment.mediaType),
        element('ContentId', attachment.contentId),
        element('Description', attachment.description),
        element('ContentTransferEncoded', { base64: attachment.bytes }),
        element('AttachmentName', attachment.name),
      ]),
    ),
  );
  return document(envelope, [encoded]);
}

/** A status message in the current dialect: a header without body (domain/vietnam.md §5.5). */
export function buildStatus(input: EdxmlStatusInput): Buffer {
  const status = edxmlStatusSchema.parse(input);
  return document(
    [
      element(p('edXMLHeader'), [
        element(p('MessageHeader'), [
          organization('From', status.from),
          ...status.to.map((to) => organization('To', to)),
          responseFor(status.responseFor),
          staffInfo(status.staff),
          element(p('StatusCode'), status.statusCode),
          opt('Description', status.description),
          element(p('Timestamp'), writeDate(status.timestamp)),
        ]),
      ]),
    ],
    [],
  );
}
