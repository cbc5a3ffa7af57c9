/** The office's register of tokens and certificates with its handover minutes. Frozen once released. */
export const migration0002 = `
CREATE TABLE token_certificate (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('pkcs11', 'soft')),
  -- Identity: maker, serial number, CKA_ID and certificate; never the slot. A file has none of the first three.
  manufacturer TEXT NOT NULL,
  serial TEXT NOT NULL,
  key_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  token_label TEXT NOT NULL,
  certificate BLOB NOT NULL,
  subject TEXT NOT NULL,
  organization TEXT NOT NULL,
  issuer TEXT NOT NULL,
  certificate_serial TEXT NOT NULL,
  not_before TEXT NOT NULL,
  not_after TEXT NOT NULL,
  -- What people call it ("token của Chủ tịch"), who keeps it and what it is for.
  name TEXT NOT NULL CHECK (name <> ''),
  holder TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('agency', 'person')),
  note TEXT NOT NULL,
  registered_at TEXT NOT NULL,
  retired_at TEXT,
  retired_reason TEXT
) STRICT;
CREATE UNIQUE INDEX token_certificate_identity ON token_certificate (manufacturer, serial, key_id, fingerprint)
  WHERE retired_at IS NULL;
CREATE INDEX token_certificate_expiry ON token_certificate (not_after);
CREATE TRIGGER token_certificate_identity_kept
BEFORE UPDATE OF kind, manufacturer, serial, key_id, fingerprint, certificate, not_before, not_after ON token_certificate
BEGIN SELECT RAISE(ABORT, 'the identity of a registered certificate never changes'); END;
CREATE TRIGGER token_certificate_kept BEFORE DELETE ON token_certificate
BEGIN SELECT RAISE(ABORT, 'registered certificates are retired, never deleted'); END;

CREATE TABLE token_handover (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  certificate_id TEXT NOT NULL REFERENCES token_certificate (id),
  -- Calendar day in Vietnam.
  handed_over_on TEXT NOT NULL,
  given_by TEXT NOT NULL CHECK (given_by <> ''),
  received_by TEXT NOT NULL CHECK (received_by <> ''),
  note TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by TEXT NOT NULL
) STRICT;
CREATE INDEX token_handover_of ON token_handover (certificate_id);
CREATE TRIGGER token_handover_unchanged BEFORE UPDATE ON token_handover
BEGIN SELECT RAISE(ABORT, 'handover minutes are append-only'); END;
CREATE TRIGGER token_handover_kept BEFORE DELETE ON token_handover
BEGIN SELECT RAISE(ABORT, 'handover minutes are append-only'); END;
`;
