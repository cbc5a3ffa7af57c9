import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { invalid, withXml } from './guarded-xml.ts';
import { defaultCaps, type EdxmlCaps } from './types.ts';

/**
 * Checks outside XML against a schema of ours (text of `resources/schemas/edxml.xsd`).
 * Errors: `sync.edxml-invalid` with the first complaint, `sync.edxml-hostile`.
 */
export function checkAgainstSchema(bytes: Buffer, xsd: string, caps: EdxmlCaps = defaultCaps): void {
  withXml(bytes, caps, (_root, document) => {
    const schema = XmlDocument.fromString(xsd);
    try {
      const validator = XsdValidator.fromDoc(schema);
      try {
        validator.validate(document);
      } catch (thrown) {
        const reason =
          thrown instanceof Error ? (thrown.message.trim().split('\n')[0] ?? '') : String(thrown);
        throw invalid(`schema: ${reason.slice(0, 300)}`);
      } finally {
        validator.dispose();
      }
    } finally {
      schema.dispose();
    }
  });
}
