import { readWallClock } from './dates.ts';
import { all, invalid, one, textOf, type XmlTree } from './guarded-xml.ts';
import { readOrganization, readResponseFor, readStaff } from './read-header.ts';
import { edxmlStatusSchema, type EdxmlStatus } from './types.ts';

/**
 * Where the fields of a status lie in either dialect (domain/vietnam.md §5.5): the MessageHeader of an edXML without
 * body, or `edXML:Status` in the header of an older SOAP envelope. Undefined when this is no status.
 */
export function findStatus(root: XmlTree): XmlTree | undefined {
  if (root.name === 'Envelope') return one(one(root, 'Header'), 'Status');
  if (root.name === 'Status') return root;
  const message = one(one(one(root, 'edXMLEnvelope'), 'edXMLHeader'), 'MessageHeader');
  return one(message, 'StatusCode') ? message : undefined;
}

/** Reads the fields of a status. Error: `sync.edxml-invalid`. */
export function readStatus(fields: XmlTree): EdxmlStatus {
  const responseFor = one(fields, 'ResponseFor');
  if (!responseFor) throw invalid('a status without ResponseFor');
  const code = textOf(fields, 'StatusCode');
  const parsed = edxmlStatusSchema.safeParse({
    from: readOrganization(one(fields, 'From')),
    to: all(fields, 'To').map(readOrganization),
    responseFor: readResponseFor(responseFor),
    staff: readStaff(one(fields, 'StaffInfo')),
    statusCode: code.length === 1 ? `0${code}` : code,
    description: textOf(fields, 'Description'),
    timestamp: readWallClock(textOf(fields, 'Timestamp')),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`status ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
  }
  return parsed.data;
}
