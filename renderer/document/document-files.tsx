import type { DocumentDetail } from '../../core/contract/document.ts';
import { showInstant } from '../format/date.ts';
import { showFileName } from '../format/file-name.ts';
import { showBytes } from '../format/number.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';

const roleWords: Record<DocumentDetail['objects'][number]['role'], MessageKey> = {
  received: 'role.received',
  'working-pdf': 'role.working-pdf',
  sealed: 'role.sealed',
  attachment: 'role.attachment',
  package: 'role.package',
};

/** The stored files of a document with their hashes; none is ever replaced. */
export function DocumentFiles({ objects }: { readonly objects: DocumentDetail['objects'] }) {
  const t = useMessages();
  return (
    <>
      {objects.map((object) => (
        <section key={`${object.role}-${object.sha256}`} className="card" style={{ padding: '9px 12px' }}>
          <b>{t(roleWords[object.role])}</b>
          <div className="isolated-text">{showFileName(object.name)}</div>
          <div className="soft">
            {showBytes(object.bytes)} · {object.mediaType} · {showInstant(object.storedAt, 'seconds')}
          </div>
          <div className="mono">SHA-256 {object.sha256}</div>
        </section>
      ))}
    </>
  );
}
