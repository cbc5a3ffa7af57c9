import { buildEdxml } from '../../core/sync/edxml/build.ts';
import { makeDocumentId } from '../../core/sync/edxml/document-id.ts';
import type { EdxmlStatusInput, StatusCode } from '../../core/sync/edxml/types.ts';
import type { Office } from '../../scripts/provincial-server/context.ts';

const organ = (office: Office) => ({ organId: office.organId, organName: office.organName });

/** A new công văn 7816/UBND-VP from one office to others. */
export function newPackage(from: Office, to: readonly Office[], pdf: Buffer): Buffer {
  return buildEdxml({
    from: organ(from),
    to: to.map(organ),
    documentId: makeDocumentId(from.organId, '2026-11-20', '7816', 'UBND-VP'),
    codeNumber: '7816',
    codeNotation: 'UBND-VP',
    place: 'A',
    promulgationDate: '2026-11-20',
    documentType: { type: '18', typeName: 'Công văn' },
    subject: 'Về việc báo cáo công tác văn thư quý IV',
    signer: { competence: 'TM. ỦY BAN NHÂN DÂN', position: 'CHỦ TỊCH', fullName: 'Nguyễn Văn A' },
    trace: [{ organId: from.organId, timestamp: '2026-11-20 15:04:05' }],
    attachments: [{ name: '7816-UBND-VP.pdf', bytes: pdf }],
  });
}

/** A status message of the receiver about a document. */
export function statusOf(from: Office, documentId: string, statusCode: StatusCode): EdxmlStatusInput {
  return {
    from: organ(from),
    responseFor: {
      organId: documentId.split(',')[0] ?? '',
      code: documentId.split(',')[2] ?? '',
      promulgationDate: '2026-11-20',
      documentId,
    },
    staff: { department: 'Văn phòng', staff: 'Trần Thị C' },
    statusCode,
    description: 'Đã nhận',
    timestamp: '2026-11-20 16:00:00',
  };
}
