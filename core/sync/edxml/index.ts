export { buildEdxml, buildStatus, type AttachmentInput } from './build.ts';
export { parseEdxml, parseEdxmlFile, parseStatus } from './parse.ts';
export { makeDocumentId, sameDocument, type DocumentIdentity } from './same-document.ts';
export { checkAgainstSchema } from './schema-check.ts';
export * from './types.ts';
