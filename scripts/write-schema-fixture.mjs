// Writes tests/fixtures/schema/version-N.sql: a small office's data in the present schema. Run once for each new
// schema version, before the next one is begun; a fixture is never written again after its version was released.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { schemaVersion } from '../core/store/migrate.ts';
import { SampleOffice } from '../tests/lib/sample-office.ts';

const target = join(import.meta.dirname, '..', 'tests', 'fixtures', 'schema', `version-${schemaVersion}.sql`);

const quote = (value) => {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `x'${value.toString('hex')}'`;
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
};

function dump(path) {
  const handle = new BetterSqlite(path, { readonly: true });
  const objects = handle
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    .all();
  // The tables behind a virtual table are made with it; its rows are written through it.
  const inside = objects
    .filter(({ sql }) => sql.startsWith('CREATE VIRTUAL TABLE'))
    .map(({ name }) => `${name}_`);
  const own = objects.filter(({ name }) => !inside.some((prefix) => name.startsWith(prefix)));
  const tables = own.filter(({ type, sql }) => type === 'table' && !sql.startsWith('CREATE VIRTUAL'));
  const lines = own.filter(({ type }) => type === 'table').map(({ sql }) => `${sql};`);
  for (const { name } of tables) {
    for (const row of handle.prepare(`SELECT * FROM "${name}"`).all()) {
      const values = Object.values(row).map(quote).join(', ');
      lines.push(`INSERT INTO "${name}" (${Object.keys(row).join(', ')}) VALUES (${values});`);
    }
  }
  lines.push(...own.filter(({ type }) => type !== 'table').map(({ sql }) => `${sql};`));
  lines.push(searchRows(handle), `PRAGMA user_version = ${schemaVersion};`);
  handle.close();
  return `PRAGMA foreign_keys = OFF;\nBEGIN;\n${lines.join('\n')}\nCOMMIT;\n`;
}

/** The index keeps no text, so it is made again from the entries, as the program does. */
function searchRows(handle) {
  return handle
    .prepare('SELECT seq, number, suffix, issuer, subject, signer_name FROM arrival')
    .all()
    .map(({ seq, ...words }) => {
      const text = quote(Object.values(words).join(' '));
      return `INSERT INTO arrival_search (rowid, text) VALUES (${seq}, vfold(${text}));`;
    })
    .join('\n');
}

const office = await SampleOffice.open();
office.enter({ subject: 'Sửa đường liên thôn', issuer: 'Sở Xây dựng' });
const wrong = office.enter({ subject: 'Vào nhầm' });
office.register.void(wrong.id, 'vào nhầm', 'chị Lan');
office.enter({ subject: "Giấy mời 'họp'" }, { origin: 'electronic' });
writeFileSync(target, dump(office.folder.database));
office.close();
