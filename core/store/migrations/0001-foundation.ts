/** The first schema. Instants are ISO 8601 text, calendar dates `yyyy-MM-dd`, structured values JSON text. */
export const migration0001 = `
CREATE TABLE agency (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  parent_name TEXT NOT NULL,
  organ_id TEXT NOT NULL,
  place TEXT NOT NULL,
  demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE register (
  id TEXT PRIMARY KEY,
  -- Its part of the entries' places (arrival.seq); given once.
  ordinal INTEGER NOT NULL UNIQUE CHECK (ordinal BETWEEN 1 AND 899),
  agency_id TEXT NOT NULL REFERENCES agency (id),
  kind TEXT NOT NULL CHECK (kind IN ('arrival')),
  name TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- A file of the object folder. quarantined = 1: it lies in the quarantine folder and is never served or sent.
CREATE TABLE object (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  bytes INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  stored_at TEXT NOT NULL,
  quarantined INTEGER NOT NULL DEFAULT 0 CHECK (quarantined IN (0, 1))
) STRICT;

CREATE TABLE document (
  id TEXT PRIMARY KEY,
  agency_id TEXT NOT NULL REFERENCES agency (id),
  created_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('registered', 'signing', 'sealed'))
) STRICT;

CREATE TABLE document_object (
  document_id TEXT NOT NULL REFERENCES document (id),
  position INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  role TEXT NOT NULL CHECK (role IN ('received', 'working-pdf', 'sealed', 'attachment', 'package')),
  name TEXT NOT NULL,
  extends_sha256 TEXT REFERENCES object (sha256),
  added_at TEXT NOT NULL,
  PRIMARY KEY (document_id, position),
  UNIQUE (document_id, sha256, role)
) STRICT;
CREATE INDEX document_object_sha256 ON document_object (sha256);

CREATE TABLE intake (
  id TEXT PRIMARY KEY,
  agency_id TEXT NOT NULL REFERENCES agency (id),
  -- Names the claim in the watched folder, the command or the package: the same thing is taken in once.
  claim TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL CHECK (origin IN ('paper', 'electronic')),
  source TEXT NOT NULL CHECK (source IN ('folder', 'command', 'inbox')),
  original_name TEXT NOT NULL,
  source_path TEXT NOT NULL,
  received_at TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  pdf_sha256 TEXT REFERENCES object (sha256),
  state TEXT NOT NULL,
  error TEXT,
  virus_check TEXT,
  facts TEXT,
  proposal TEXT,
  verification TEXT,
  warnings TEXT NOT NULL DEFAULT '[]',
  -- Where the agency's text block goes on page 1, clear of what is printed there.
  block_place TEXT,
  dismiss_reason TEXT,
  document_id TEXT REFERENCES document (id),
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX intake_state ON intake (state, received_at);
CREATE INDEX intake_sha256 ON intake (sha256);

-- Files unpacked from an edXML package, in its order.
CREATE TABLE intake_attachment (
  intake_id TEXT NOT NULL REFERENCES intake (id),
  position INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  name TEXT NOT NULL,
  PRIMARY KEY (intake_id, position)
) STRICT;

CREATE TABLE arrival (
  -- The place in the books (core/register/place.ts): register, year, number and late entry in one number.
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  register_id TEXT NOT NULL REFERENCES register (id),
  year INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  suffix TEXT NOT NULL DEFAULT '',
  arrival_date TEXT NOT NULL,
  issuer TEXT NOT NULL,
  doc_number TEXT NOT NULL,
  doc_notation TEXT NOT NULL,
  doc_date TEXT,
  type_name TEXT NOT NULL,
  subject TEXT NOT NULL,
  receiver TEXT NOT NULL,
  transfer_date TEXT,
  received_by TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL,
  urgency TEXT NOT NULL,
  due_date TEXT,
  signer_name TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('paper', 'electronic')),
  registered_at TEXT NOT NULL,
  voided_at TEXT,
  void_reason TEXT,
  document_id TEXT NOT NULL REFERENCES document (id),
  -- Issuer, number and notation made comparable, for the duplicate warning.
  duplicate_key TEXT NOT NULL,
  UNIQUE (register_id, year, number, suffix)
) STRICT;
CREATE INDEX arrival_duplicate ON arrival (duplicate_key);
CREATE INDEX arrival_document ON arrival (document_id);
CREATE INDEX arrival_date ON arrival (register_id, arrival_date);

-- How many entries a year has. Entries are never deleted, so that counting them as they come is enough.
CREATE TABLE register_year (
  register_id TEXT NOT NULL REFERENCES register (id),
  year INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (register_id, year)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER arrival_counted AFTER INSERT ON arrival
BEGIN
  INSERT INTO register_year (register_id, year, entries) VALUES (new.register_id, new.year, 1)
  ON CONFLICT (register_id, year) DO UPDATE SET entries = entries + 1;
END;

-- A number once given stays with its entry.
CREATE TRIGGER arrival_number_fixed BEFORE UPDATE OF seq, id, register_id, year, number, suffix, arrival_date, document_id ON arrival
BEGIN SELECT RAISE(ABORT, 'number and date of arrival never change'); END;
CREATE TRIGGER arrival_kept BEFORE DELETE ON arrival
BEGIN SELECT RAISE(ABORT, 'register entries are voided, never deleted'); END;

-- rowid is arrival.seq. Prefixes of up to four letters are indexed: what is searched while it is typed.
CREATE VIRTUAL TABLE arrival_search USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0", prefix = '1 2 3 4'
);

CREATE TABLE verification (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES document (id),
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  checked_at TEXT NOT NULL,
  report TEXT NOT NULL
) STRICT;
CREATE INDEX verification_document ON verification (document_id);

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('arrival-record', 'edxml-status')),
  label TEXT NOT NULL,
  document_id TEXT REFERENCES document (id),
  object_sha256 TEXT REFERENCES object (sha256),
  body TEXT NOT NULL,
  -- The same effect is queued once (one record a sealed revision, one status code a document).
  effect TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'acked', 'blocked')),
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  next_attempt_at TEXT,
  acked_at TEXT,
  error TEXT,
  receipt TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (state, next_attempt_at);
CREATE INDEX outbox_document ON outbox (document_id);
CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'operations are parked, never deleted'); END;

-- Files copied from folders that do not let them be moved; so they are not taken again.
CREATE TABLE taken_source (
  path TEXT NOT NULL,
  dev REAL NOT NULL,
  ino REAL NOT NULL,
  size INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (path, dev, ino, size, mtime_ms)
) STRICT;

CREATE TABLE inbox (
  package_id TEXT PRIMARY KEY,
  intake_id TEXT NOT NULL REFERENCES intake (id),
  header TEXT,
  -- The sender's document id made comparable: the same document may come in several packages.
  document_key TEXT,
  fetched_at TEXT NOT NULL,
  acknowledged_at TEXT
) STRICT;
CREATE INDEX inbox_document ON inbox (document_key);

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX audit_subject ON audit (subject);
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'waiting', 'parked', 'done')),
  waits_for TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TEXT,
  error TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (kind, subject)
) STRICT;
CREATE INDEX job_due ON job (state, next_at);
`;
