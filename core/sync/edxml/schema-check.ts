import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { invalid, withXml } from './guarded-xml.ts';
import { defaultCaps, EDXML_NAMESPACE, type EdxmlCaps } from './types.ts';

/**
 * Checks outside XML against a schema of ours (text of `resources/schemas/edxml.xsd`).
 * Errors: `sync.edxml-invalid` with the first complaint, `sync.edxml-hostile`.
 */
export function checkAgainstSchema(bytes: Buffer, xsd: string, caps: EdxmlCaps = defaultCaps): void {
  withXml(bytes, caps, (root, document) => {
    const schema = XmlDocument.fromString(xsd);
    try {
      const validator = XsdValidator.fromDoc(schema);
      try {
        if (root.name === 'Envelope') {
          // The older status dialect: the schema is of what the SOAP header carries.
          const status = document.get('/*/*/e:Status', { e: EDXML_NAMESPACE });
          if (!(status instanceof XmlElement)) throw new Error('a SOAP envelope without edXML Status');
          validator.validate(status);
        } else {
          validator.validate(document);
        }
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
