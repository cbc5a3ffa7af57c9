import Database from 'better-sqlite3';
import { strictAssert } from '../../core/shared/assert.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS object (
  office_id TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, stored_at TEXT NOT NULL,
  PRIMARY KEY (office_id, sha256)
) STRICT;
CREATE TABLE IF NOT EXISTS operation (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  office_id TEXT NOT NULL, operation_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('arrival-record', 'edxml', 'status')),
  body_sha256 TEXT NOT NULL, object_sha256 TEXT, received_at TEXT NOT NULL,
  UNIQUE (office_id, operation_id)
) STRICT;
CREATE TABLE IF NOT EXISTS arrival_record (
  sequence INTEGER PRIMARY KEY REFERENCES operation(sequence),
  office_id TEXT NOT NULL, register_code TEXT NOT NULL, year INTEGER NOT NULL,
  number INTEGER NOT NULL, suffix TEXT NOT NULL, action TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS arrival_number_once
  ON arrival_record (office_id, register_code, year, number, suffix) WHERE action = 'register';
CREATE TABLE IF NOT EXISTS package (
  sequence INTEGER PRIMARY KEY REFERENCES operation(sequence),
  office_id TEXT NOT NULL, document_key TEXT NOT NULL, type TEXT NOT NULL, sha256 TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS new_document_once ON package (office_id, document_key) WHERE type = 'new';
CREATE TABLE IF NOT EXISTS status (
  sequence INTEGER PRIMARY KEY REFERENCES operation(sequence),
  office_id TEXT NOT NULL, document_key TEXT NOT NULL, code TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS inbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, office_id TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('package', 'status')),
  document_id TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  received_at TEXT NOT NULL, acked_at TEXT
) STRICT;
`;

/** Opens the server's own database: WAL, every commit on disk before the receipt. */
export function openServerDatabase(path: string): Database.Database {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.exec(SCHEMA);
  strictAssert(database.pragma('synchronous', { simple: true }) === 2, 'synchronous=FULL');
  return database;
}
