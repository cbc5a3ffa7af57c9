/**
 * Numbers that the register does not know the entries of: given by a register that a restored backup took the place of. They
 * are never given anew, only to the very document that bore them. Frozen once released.
 */
export const migration0004 = `
CREATE TABLE number_gap (
  id TEXT PRIMARY KEY,
  register_id TEXT NOT NULL REFERENCES register (id),
  year INTEGER NOT NULL,
  first_number INTEGER NOT NULL CHECK (first_number > 0),
  last_number INTEGER NOT NULL CHECK (last_number >= first_number),
  reason TEXT NOT NULL CHECK (reason <> ''),
  recorded_at TEXT NOT NULL
) STRICT;
CREATE INDEX number_gap_of ON number_gap (register_id, year, last_number);
CREATE TRIGGER number_gap_unchanged BEFORE UPDATE ON number_gap
BEGIN SELECT RAISE(ABORT, 'numbers once given out stay given out'); END;
CREATE TRIGGER number_gap_kept BEFORE DELETE ON number_gap
BEGIN SELECT RAISE(ABORT, 'numbers once given out stay given out'); END;
`;
