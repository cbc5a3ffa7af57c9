import { showInstant } from '../format/date.ts';
import type { MessageKey, Translate } from '../i18n/catalogue.ts';

/** Labels of the facts that services tell; others are shown by their own name. */
const labels: Readonly<Record<string, MessageKey>> = {
  engine: 'service.detail-engine',
  database: 'service.detail-database',
  databaseDate: 'service.detail-database-date',
  url: 'service.detail-url',
  version: 'service.detail-version',
  serverName: 'service.detail-server-name',
  testPartner: 'service.detail-test-partner',
  waiting: 'service.detail-waiting',
  tokens: 'service.detail-tokens',
  unlocked: 'service.detail-unlocked',
  modules: 'service.detail-modules',
  folders: 'service.detail-folders',
  target: 'service.detail-target',
  reason: 'service.detail-reason',
  code: 'service.detail-code',
};

type Detail = Readonly<Record<string, string | number | boolean | null>>;

/** The facts of a service as label and text; empty ones are left out, instants are written as dates. */
export function detailRows(detail: Detail, t: Translate): [string, string][] {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => {
      const label = labels[name];
      const text = typeof value === 'boolean' ? t(value ? 'value.yes' : 'value.no') : String(value);
      return [label ? t(label) : name, /^\d{4}-\d{2}-\d{2}T/.test(text) ? showInstant(text) : text];
    });
}
