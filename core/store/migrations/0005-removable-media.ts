/** The queue over removable media: packages written for the province, and its answers. Frozen once released. */
export const migration0005 = `
-- The newest package that carried the operation, and when that package was finished; the state says nothing of it.
ALTER TABLE outbox ADD COLUMN media_sequence INTEGER;
ALTER TABLE outbox ADD COLUMN exported_at TEXT;

CREATE TABLE media_export (
  sequence INTEGER PRIMARY KEY,
  package_id TEXT NOT NULL UNIQUE,
  begun_at TEXT NOT NULL,
  -- Known once the whole package has its name on the medium.
  manifest_sha256 TEXT CHECK (length(manifest_sha256) = 64),
  written_at TEXT,
  answered_at TEXT
) STRICT;
CREATE TRIGGER media_export_kept BEFORE DELETE ON media_export
BEGIN SELECT RAISE(ABORT, 'packages are recorded, never deleted'); END;

CREATE TABLE media_answer (
  package_id TEXT PRIMARY KEY,
  manifest_sha256 TEXT NOT NULL CHECK (length(manifest_sha256) = 64),
  taken_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER media_answer_unchanged BEFORE UPDATE ON media_answer
BEGIN SELECT RAISE(ABORT, 'answers are recorded once'); END;
CREATE TRIGGER media_answer_kept BEFORE DELETE ON media_answer
BEGIN SELECT RAISE(ABORT, 'answers are recorded, never deleted'); END;
`;
