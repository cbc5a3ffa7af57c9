/** What was judged of a received file before it was a document, and its package's own signature. Frozen once released. */
export const migration0003 = `
ALTER TABLE intake ADD COLUMN package_verification TEXT;

CREATE TABLE intake_verification (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  intake_id TEXT NOT NULL REFERENCES intake (id),
  -- The file that was judged: the document's PDF or the package as received.
  part TEXT NOT NULL CHECK (part IN ('document', 'package')),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  checked_at TEXT NOT NULL,
  report TEXT NOT NULL
) STRICT;
CREATE INDEX intake_verification_of ON intake_verification (intake_id);
CREATE TRIGGER intake_verification_unchanged BEFORE UPDATE ON intake_verification
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER intake_verification_kept BEFORE DELETE ON intake_verification
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
`;
